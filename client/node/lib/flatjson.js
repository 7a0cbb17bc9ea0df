'use strict';

// Reads one flat JSON object and keeps what JSON.parse loses: the order, the text of numbers, and where each member stands.

const space = /[ \t\n\r]*/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

function match(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The members in their order: {name, text, quoted, start, end}. SyntaxError: not one flat object of distinct names. */
function members(text) {
  let at = 0;
  const skip = () => { at += match(space, text, at).length; };
  const expect = (char) => {
    skip();
    if (text[at] !== char) throw new SyntaxError(`no ${char} at character ${at}`);
    at += 1;
    skip();
  };
  const quoted = () => {
    const found = match(string, text, at);
    if (found === undefined) throw new SyntaxError(`no text in quotes at character ${at}`);
    at += found.length;
    return JSON.parse(found).replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  };
  const found = [];
  expect('{');
  while (text[at] !== '}' || found.length > 0) {
    const start = at;
    const name = quoted();
    expect(':');
    const isText = text[at] === '"';
    const value = isText ? quoted() : match(scalar, text, at);
    if (value === undefined) throw new SyntaxError(`${JSON.stringify(name)} is no scalar`);
    if (!isText) at += value.length;
    if (found.some((m) => m.name === name)) throw new SyntaxError(`${JSON.stringify(name)} twice`);
    found.push({ name, text: value, quoted: isText, start, end: at });
    skip();
    if (text[at] !== ',') break;
    expect(',');
  }
  expect('}');
  if (at !== text.length) throw new SyntaxError('something behind the object');
  return found;
}

/** The object's own text less one member and its comma. */
function without(text, given, name) {
  const i = given.findIndex((m) => m.name === name);
  if (i > 0) return text.slice(0, text.indexOf(',', given[i - 1].end)) + text.slice(given[i].end);
  return text.slice(0, given[0].start) + text.slice(given.length > 1 ? given[1].start : given[0].end);
}

/** The members as compact JSON: only quotes, backslashes and control characters escaped. */
const compact = (given) => `{${given.map((m) => `${JSON.stringify(m.name)}:${m.quoted ? JSON.stringify(m.text) : m.text}`).join(',')}}`;

module.exports = { members, without, compact };
