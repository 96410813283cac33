// Parses and validates every JSON file of a folder, over and over, for some seconds; one second before that warms up.
// usage: node validate-speed.mjs <node_modules> <folder> <seconds>
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , modules, folder, seconds] = process.argv;
const { validateJobDefinition } = await import(pathToFileURL(join(modules, '@nosana/types/dist/index.js')).href);
const texts = readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => readFileSync(join(folder, name), 'utf8'));

function run(milliseconds) {
  let read = 0;
  const start = performance.now();
  while (performance.now() - start < milliseconds) {
    for (const text of texts) validateJobDefinition(JSON.parse(text));
    read += texts.length;
  }
  return read / ((performance.now() - start) / 1000);
}

run(1000);
process.stdout.write(JSON.stringify({ perSecond: run(Number(seconds) * 1000) }) + '\n');
