// Reads documents, one JSON text per line, from a file; writes one verdict per line to standard output.
// usage: node validate-batch.mjs <node_modules> <file>
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , modules, file] = process.argv;
const { validateJobDefinition } = await import(pathToFileURL(join(modules, '@nosana/types/dist/index.js')).href);
const lines = readFileSync(file, 'utf8').split('\n');
if (lines.at(-1) === '') lines.pop();
// JSON has no infinite number, and 1e400 is one here: the largest stands for it.
const finite = (key, value) => (value === Infinity ? Number.MAX_VALUE : value === -Infinity ? -Number.MAX_VALUE : value);
const answers = lines.map((line) => {
  try {
    const result = validateJobDefinition(JSON.parse(line));
    return { valid: result.success, errors: (result.errors ?? []).map((e) => ({ path: e.path, expected: e.expected, value: e.value })) };
  } catch (error) {
    return { threw: String(error) };
  }
});
process.stdout.write(answers.map((a) => JSON.stringify(a, finite)).join('\n') + '\n');
