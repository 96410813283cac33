// Runs patterns, one JSON object {pattern, inputs} per line of a file; writes per line an error text or a list of matches.
// usage: node regex-batch.mjs <file>
import { readFileSync } from 'node:fs';

const lines = readFileSync(process.argv[2], 'utf8').split('\n').filter((line) => line !== '');
const answers = lines.map((line) => {
  const { pattern, inputs } = JSON.parse(line);
  try {
    const regex = new RegExp(pattern);
    return inputs.map((input) => {
      const match = regex.exec(input);
      return match && Array.from(match, (group) => group ?? null);
    });
  } catch (error) {
    return String(error);
  }
});
// Half surrogate pairs must survive the way out, so only printable ASCII stands for itself.
const ascii = (json) => json.replace(/[^\x20-\x7e]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
process.stdout.write(process.versions.node + '\n');
process.stdout.write(answers.map((a) => ascii(JSON.stringify(a))).join('\n') + '\n');
