// How Marp builds the decks: our theme, Debian's Chromium for the PDFs, and each
// Mermaid fence as the picture that tools/draw.mjs has made of it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { browserPath } from './tools/browser.mjs';
import { fontSize, pictureOf } from './tools/diagrams.mjs';

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

// The text after "accTitle:" tells a reader who cannot see it what is drawn.
function figure(source) {
  const title = /^\s*accTitle:\s*(.+)$/m.exec(source)?.[1] ?? '';
  const svg = readFileSync(pictureOf(source)).toString('base64');
  return `<img class="diagram" data-font="${fontSize}" alt="${escaped(title)}" src="data:image/svg+xml;base64,${svg}">\n`;
}

function diagrams(md) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, i, options, env, self) =>
    tokens[i].info.trim() === 'mermaid' ? figure(tokens[i].content) : fence(tokens, i, options, env, self);
}

export default {
  themeSet: [fileURLToPath(new URL('theme.css', import.meta.url))],
  // A line may end anywhere in the source, as GitHub shows it.
  options: { markdown: { breaks: false } },
  html: true,
  browser: 'chrome',
  browserPath: browserPath(),
  engine: ({ marp }) => marp.use(diagrams),
};
