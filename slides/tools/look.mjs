// Look at built decks as a lecture room sees them, and say what is not to be read.
//
// Usage: node look.mjs DECK.html…     decks built with marp --template bare
// Gives: a line "DECK: slide N: what is wrong" for each finding: something beyond
//   the slide or under its foot, letters below 16 px of 1280x720 (code and
//   diagrams that were shrunk too), a picture that is missing or has no text for
//   those who cannot see it, a call to the network, an error in the page. Last
//   "N slides in N decks". Exit 0 when nothing was found, else 1.
import { basename } from 'node:path';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, open } from './browser.mjs';

const smallest = 16;

// Runs in the page. Gives [[number of the slide, finding]…] and their count.
function lookAtSlides(smallest) {
  const found = [];
  const slides = [...document.querySelectorAll('svg[data-marpit-svg] section')];
  const short = (text) => JSON.stringify(text.trim().replace(/\s+/g, ' ').slice(0, 40));
  slides.forEach((section, i) => {
    const say = (what) => found.push([i + 1, what]);
    const box = section.getBoundingClientRect();
    const unit = box.width / section.offsetWidth;
    const style = getComputedStyle(section);
    const inner = {
      left: box.left, top: box.top, right: box.right,
      bottom: box.bottom - parseFloat(style.paddingBottom) * unit,
    };
    if (section.scrollHeight > section.clientHeight + 1)
      say(`${section.scrollHeight - section.clientHeight} px too high`);
    if (section.scrollWidth > section.clientWidth + 1)
      say(`${section.scrollWidth - section.clientWidth} px too wide`);
    for (const element of section.querySelectorAll('*')) {
      if (element.closest('footer, header') || element.closest('svg svg')) continue;
      const r = element.getBoundingClientRect();
      if (r.width === 0 || r.height === 0) continue;
      if (r.right > inner.right + 1 || r.left < inner.left - 1 || r.top < inner.top - 1)
        say(`<${element.localName}> is wider than the slide: ${short(element.textContent)}`);
      else if (r.bottom > inner.bottom + 1)
        say(`<${element.localName}> reaches into the foot: ${short(element.textContent)}`);
      else if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && getComputedStyle(element).display !== 'inline')
        say(`<${element.localName}> is cut off: ${short(element.textContent)}`);
    }
    // The size in which letters are really seen, whatever scaled them.
    const letters = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
    while (letters.nextNode()) {
      const text = letters.currentNode, parent = text.parentElement;
      if (!text.data.trim() || parent.closest('style, script')) continue;
      const own = parent.getBoundingClientRect();
      const scale = parent.offsetWidth ? own.width / parent.offsetWidth / unit : 1;
      const size = parseFloat(getComputedStyle(parent).fontSize) * scale;
      if (size < smallest - 0.1) say(`letters of ${size.toFixed(1)} px: ${short(text.data)}`);
    }
    for (const image of section.querySelectorAll('img')) {
      if (!image.complete || image.naturalWidth === 0) say(`a picture is missing: ${short(image.getAttribute('src'))}`);
      if (!image.alt) say('a picture without a text (accTitle: in a diagram)');
      const r = image.getBoundingClientRect();
      const scale = Math.min(r.width / image.naturalWidth, r.height / image.naturalHeight) / unit;
      const size = Number(image.dataset.font) * scale;
      if (size < smallest - 0.1) say(`a diagram with letters of ${size.toFixed(1)} px: ${short(image.alt)}`);
    }
  });
  return { found, count: slides.length };
}

async function look(browser, deck) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  const found = [];
  page.on('request', (request) => {
    if (!/^(file|data|blob|about):/.test(request.url())) found.push([0, `calls ${request.url()}`]);
  });
  page.on('pageerror', (error) => found.push([0, `an error in the page: ${error.message}`]));
  await page.goto(pathToFileURL(resolve(deck)).href, { waitUntil: 'load' });
  await page.evaluate(() => document.fonts.ready);
  const seen = await page.evaluate(lookAtSlides, smallest);
  await page.close();
  if (seen.count === 0) found.push([0, 'no slide in it']);
  return { found: [...found, ...seen.found], count: seen.count };
}

try {
  const decks = process.argv.slice(2);
  if (decks.length === 0) throw new Error('usage: look.mjs DECK.html…');
  let count = 0, wrong = 0;
  await open(async (browser) => {
    for (const deck of decks) {
      const seen = await look(browser, deck);
      count += seen.count;
      for (const [slide, what] of seen.found) {
        wrong++;
        console.log(`${basename(deck, '.html')}: slide ${slide || '?'}: ${what}`);
      }
    }
  });
  console.log(`${count} slides in ${decks.length} decks, ${wrong} findings`);
  if (wrong > 0) process.exitCode = 1;
} catch (error) {
  fail(error);
}
