// Has a public engine answer the expressions once; the answers are kept as data beside this file.
//   npm install openrosa-xpath-evaluator jsdom        (in a folder outside the project)
//   python -m tests.script.conformance.expressions | TZ=UTC node record.mjs > answers.json
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(`${process.cwd()}/`);
const { JSDOM } = require('jsdom');
const { window } = new JSDOM('', { contentType: 'text/html' });
Object.assign(globalThis, { window, Node: window.Node, XPathResult: window.XPathResult, XPathEvaluator: window.XPathEvaluator });
const evaluator = require('openrosa-xpath-evaluator')();
const { version } = require('openrosa-xpath-evaluator/package.json');

const asked = JSON.parse(readFileSync(0, 'utf8'));
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const rows = Object.entries({ ...asked.values, here_: asked.here }).map(([name, text]) => `<${name}>${escaped(text)}</${name}>`);
const doc = new window.DOMParser().parseFromString(`<data>${rows.join('')}</data>`, 'text/xml');
const here = doc.documentElement.lastChild;
const said = (number) => (Number.isFinite(number) ? number : String(number));

const answers = asked.expressions.map((expression) => {
  const path = expression.replace(/\$\{(\w+)\}/g, ' /data/$1 '); // with spaces around, as pyxform writes a reference
  try {
    const result = evaluator.evaluate(path, here, null, window.XPathResult.ANY_TYPE, null);
    switch (result.resultType) {
      case window.XPathResult.NUMBER_TYPE: return [expression, 'number', said(result.numberValue)];
      case window.XPathResult.BOOLEAN_TYPE: return [expression, 'boolean', result.booleanValue];
      case window.XPathResult.STRING_TYPE: return [expression, 'string', result.stringValue];
      default: {
        if (result.stringValue !== undefined) return [expression, 'string', result.stringValue];
        const node = result.iterateNext();
        return [expression, 'string', node ? node.textContent : ''];
      }
    }
  } catch (error) {
    return [expression, 'error', ''];
  }
});
const lines = answers.map((answer) => JSON.stringify(answer)).join(',\n');
process.stdout.write(`{"engine": "openrosa-xpath-evaluator ${version}", "values": ${JSON.stringify(asked.values)}, "here": ${JSON.stringify(asked.here)}, "answers": [\n${lines}\n]}\n`);
