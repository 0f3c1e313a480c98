// Mermaid diagrams in Markdown: how they look, where their pictures are kept.
//
// config               what Mermaid is told: the letters of the theme, and
//                      nothing that would need a network.
// fontSize             of a diagram that is shown in its own size, in pixels.
// diagramsIn(text)     the diagrams of a page: [{source, line}].
// pictureOf(source)    the file of a diagram's picture, named after its text and
//                      the config, so that an old picture is never shown.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const fontSize = 22;

const font = '"DejaVu Sans", sans-serif';
const ink = '#1b2530', blue = '#0b4a82', pale = '#e8f0f8', sand = '#fbf3dc';

export const config = {
  startOnLoad: false,
  securityLevel: 'strict',
  deterministicIds: true,
  htmlLabels: false,
  fontFamily: font,
  fontSize,
  theme: 'base',
  themeVariables: {
    fontFamily: font, fontSize: `${fontSize}px`,
    background: '#ffffff', primaryColor: pale, primaryBorderColor: blue,
    primaryTextColor: ink, lineColor: ink, textColor: ink,
    secondaryColor: '#ffffff', tertiaryColor: '#f6f8fa',
    actorBkg: pale, actorBorder: blue, actorTextColor: ink, actorLineColor: '#7d8a97',
    signalColor: ink, signalTextColor: ink,
    noteBkgColor: sand, noteBorderColor: '#c9a227', noteTextColor: ink,
    activationBkgColor: '#9cc3e6', activationBorderColor: blue,
    edgeLabelBackground: '#ffffff', clusterBkg: '#f6f8fa', clusterBorder: '#7d8a97',
  },
  sequence: {
    useMaxWidth: false, mirrorActors: false, actorMargin: 60, width: 210, height: 52,
    messageMargin: 34, boxMargin: 8, noteMargin: 8, diagramMarginX: 8, diagramMarginY: 4,
    activationWidth: 16, bottomMarginAdj: 4,
    actorFontSize: fontSize, messageFontSize: fontSize, noteFontSize: fontSize,
    actorFontFamily: font, messageFontFamily: font, noteFontFamily: font,
  },
  // A line goes on behind the words that stand on it.
  themeCSS: '.edgeLabel text { paint-order: stroke; stroke: #ffffff; stroke-width: 8px; }',
  flowchart: { useMaxWidth: false, htmlLabels: false, padding: 14, nodeSpacing: 28, rankSpacing: 56, curve: 'basis', wrappingWidth: 420 },
  state: { useMaxWidth: false },
  packet: { useMaxWidth: false, rowHeight: 56, bitWidth: 32, bitsPerRow: 32 },
};

// In a block quote a fence has a "> " before it.
export function diagramsIn(text) {
  const found = [];
  let open;
  text.split('\n').forEach((line, i) => {
    line = line.replace(/^> ?/, '');
    if (open && /^```\s*$/.test(line)) {
      found.push({ source: open.lines.join('\n') + '\n', line: open.line });
      open = undefined;
    } else if (open) open.lines.push(line);
    else if (/^```mermaid\s*$/.test(line)) open = { lines: [], line: i + 1 };
  });
  return found;
}

const folder = fileURLToPath(new URL('../../.build/slides/diagrams/', import.meta.url));

export function pictureOf(source) {
  const hash = createHash('sha256').update(JSON.stringify(config)).update(source);
  return join(folder, hash.digest('hex').slice(0, 20) + '.svg');
}
