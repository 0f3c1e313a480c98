// Draw the Mermaid diagrams of Markdown pages that have no picture yet.
//
// Usage: node draw.mjs PAGE.md…
// Gives: .build/slides/diagrams/HASH.svg for each diagram. Exit 0; 1 when one
//   cannot be drawn, with "PAGE:LINE: what Mermaid says" for each of these, or when
//   words of it are not in the picture: Mermaid reads labels as Markdown and takes
//   a ">" at the beginning for a quotation.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fail, open } from './browser.mjs';
import { config, diagramsIn, pictureOf } from './diagrams.mjs';

const mermaid = createRequire(import.meta.url).resolve('@mermaid-js/tiny');

// The words that a diagram's source gives to be shown: labels in quotes, and what
// stands behind the colon of an arrow or a note.
function wordsIn(source) {
  const lines = source.split('\n').filter((line) => !/^\s*(accTitle|accDescr|%%)/.test(line));
  return lines.flatMap((line) =>
    /^\s*(Note |\w+\s*(-|<))[^":]*: /.test(line)
      ? [line.slice(line.indexOf(': ') + 2)]
      : [...line.matchAll(/"([^"]*)"/g)].map((found) => found[1]));
}

async function draw(wanted) {
  const wrong = [];
  await open(async (browser) => {
    const page = await browser.newPage();
    await page.setContent('<!doctype html><body></body>');
    await page.addScriptTag({ path: mermaid });
    for (const { name, line, source, picture } of wanted) {
      const drawn = await page.evaluate(
        async ([source, config, wordsIn]) => {
          globalThis.mermaid.initialize(config);
          try {
            const { svg } = await globalThis.mermaid.render('picture', source);
            const plain = (text) => text.replace(/<br\/?>|\s/g, '');
            const shown = plain(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement.textContent);
            const lost = wordsIn.find((words) => !shown.includes(plain(words)));
            return lost ? { error: `the picture does not show ${JSON.stringify(lost)}` } : { svg };
          } catch (error) {
            return { error: error.message.split('\n').slice(0, 4).join(' ') };
          }
        },
        [source, config, wordsIn(source)],
      );
      if (drawn.error) {
        wrong.push(`${name}:${line}: ${drawn.error}`);
        continue;
      }
      // A picture that is there is whole, also when two builds run at once.
      writeFileSync(`${picture}.${process.pid}`, drawn.svg);
      renameSync(`${picture}.${process.pid}`, picture);
    }
  });
  return wrong;
}

try {
  const wanted = [];
  for (const name of process.argv.slice(2))
    for (const { source, line } of diagramsIn(readFileSync(name, 'utf8'))) {
      const picture = pictureOf(source);
      if (!existsSync(picture)) wanted.push({ name, line, source, picture });
    }
  if (wanted.length > 0) {
    mkdirSync(dirname(wanted[0].picture), { recursive: true });
    const wrong = await draw(wanted);
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  }
} catch (error) {
  fail(error);
}
