// The Chromium that draws the diagrams and looks at the slides.
//
// browserPath()   its program: $CHROME, or the first of the usual names in PATH;
//                 throws in one line when there is none.
// open(work)      starts it without a window, calls work(browser), ends it
//                 whatever happens, and gives what work gave.
// fail(error)     one line on standard error, exit status 1.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'google-chrome', 'chromium-browser'];

export function browserPath() {
  if (process.env.CHROME) return process.env.CHROME;
  for (const name of names)
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // not in this folder
      }
    }
  throw new Error('no Chromium here: make setup-slides');
}

export async function open(work) {
  // A root user has no namespaces to drop into; what is shown here is our own.
  const browser = await chromium.launch({
    executablePath: browserPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

export function fail(error) {
  console.error(error.message ?? String(error));
  process.exit(1);
}
