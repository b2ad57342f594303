// The part of the visual editor that reads and writes Markdown, without a browser: what nobody touches comes back byte for
// byte, and what is changed reads as it was shown. PLINTH_EDITOR is the folder where the build made the editor.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const editor = name => import(pathToFileURL(path.join(process.env.PLINTH_EDITOR, name)));
const { Source } = await editor('source.js');
const { schema } = await editor('schema.js');
const commands = Object.assign({}, ...await Promise.all(['commands.js', 'descriptions.js', 'links.js', 'lists.js', 'moves.js', 'tables.js'].map(editor)));
const { EditorState, TextSelection } = await editor('node_modules/prosemirror-state/dist/index.js');
const { tests: examples } = createRequire(import.meta.url)('commonmark-spec');
const spec = examples.map(({ markdown }) => markdown.replaceAll('→', '\t'));

function files(directory) {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter(entry => entry.name.endsWith('.md'))
    .map(entry => readFileSync(path.join(entry.parentPath, entry.name), 'utf8').replace(/^\+\+\+[^]*?\n\+\+\+\n/, ''));
}
const starter = files(path.join(import.meta.dirname, '../../starter'));

// What a text holds beyond CommonMark, and how users write.
const ours = [
  '', '\n', '\n\n  \n', 'a', 'a\n\n\n\n', '\n\na', 'a\r\nb\r\n\r\nc\r\n', 'Term\n: Meaning', 'Term\n\n: Meaning\n\n  More of it\n\nText', 'One\n: a\n\nTwo\n: b',
  'Text[^1] and[^note].\n\n[^1]: A note\n    that goes on\n\n[^note]: Another\n', '[^nowhere] is text', '- [ ] open\n- [x] done\n- [X] done\n- plain', '* a\n* b\n\n- c\n- d\n\n+ e',
  '1) a\n2) b\n\n1. c', '|a|b|\n|:-|-:|\n|1\\|2|`x\\|y`|\n|a<br>b|', '| a |\n|---|', 'H~2~O and ~~gone~~', '~~~\ncode\n~~~', '```js\nopen', '    indented\n\n    code\n', '> quote\n> - list\n>\n> more',
  '<div>\n\n*not HTML*\n\n</div>', 'a<br>b', '[a]: /b "c"\n\n[a] and [text][a]', '![alt *text*](/a.png "t") ![x](https://x.example/x.png)', 'https://x.example/a_b~c_d and www.x.example',
  '<https://x.example> <mailto:a@b.example>', 'a  \nb\\\nc', '---\n\n***\n\n_ _ _', 'Setext\n===\n\nOther\n---', '# #\n\n## a ##\n\n####### b', '**bold *both*** _it_ __b__', '&copy; &amp;copy; &#35; \\&copy;',
  'مرحبا **بالعالم**', '**你好。**世界', '- a\n\n  b\n\n- c\n  1. d\n     - e', 'a\n\n<!-- comment -->\n\nb', '\ta\n\n- b\n\n\tc', '[x](javascript:alert(1))', '[x](</a b> "y")', '- \n\n- a', '1. a\n1. b\n1. c', '> [!NOTE]\n> a',
  '## Head\ntext right below\n- list right below\n```\ncode\n```', '\u00a0\u00a0a', 'a\u2028b', '[a][b]\n\n[b]:\n  /c\n  "d"', '``a`b``', '*a*b **c**d', 'a*b*c', '1986\\. A year', '1986. A year', '- a\n***\n- b', '\\# no heading', '[^1]: A note alone', '| not | a table |',
  '# Only a heading', '***', '> ', '- [ ] ', '|a|\n|-|\n\n|b|\n|-|', 'a\n\n```\n\n```', '日本語の文章。\n\n- 一\n- 二',
];

test('the 652 examples of CommonMark and the texts of our own come back byte for byte', () => {
  assert.equal(spec.length, 652);
  assert.ok(starter.length > 170 && ours.length >= 60, `${starter.length} and ${ours.length}`);
  const changed = [...spec, ...starter, ...ours].filter(text => {
    const source = new Source();
    return source.write(source.read(text)) !== text;
  });
  assert.deepEqual(changed, []);
});

test('ordinary pages are shown, not their source', () => {
  const kinds = new Map();
  for (const text of starter) new Source().read(text).forEach(({ type, textContent }) => {
    const kind = type.name === 'markdown' ? `source of ${textContent}` : type.name;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  });
  assert.deepEqual([...kinds.keys()].filter(kind => kind.startsWith('source of')), []);
  assert.ok(kinds.get('table') > 20 && kinds.get('bullet_list') > 50 && kinds.get('description_list') > 5, JSON.stringify([...kinds]));
});

function edit(text, change) {
  const source = new Source();
  let state = EditorState.create({ doc: source.read(text) });
  change({ get state() { return state; }, dispatch: transaction => { state = state.apply(transaction); } });
  return source.write(state.doc);
}

function typeAt(words, typed) {
  return on => {
    let at;
    on.state.doc.descendants((node, start) => { if (node.isText && node.text.includes(words)) at = start + node.text.indexOf(words) + words.length; });
    on.dispatch(on.state.tr.insertText(typed, at));
  };
}

test('only the block that is changed is written again', () => {
  const text = '*  odd\n*  list\n\nA _paragraph_\nof two lines\n\n\n\nSetext\n------\n<i>raw</i>\n';
  assert.equal(edit(text, typeAt('paragraph', 's')), '*  odd\n*  list\n\nA *paragraphs* of two lines\n\nSetext\n------\n<i>raw</i>\n');
  assert.equal(edit(text, on => { typeAt('odd', '!')(on); on.dispatch(on.state.tr.delete(6, 7)); }), text, 'what is undone is what was there');
});

test('what would mean something in Markdown is written as the words it is', () => {
  for (const words of ['# a', '- a', '1. a', '> a', '*a*', '_a_', '`a`', '[a](b)', '![a](b)', '<b>a</b>', '&copy;', 'a\\*b', '~~a~~', '---', '===', ': a', '```', '| a |', '[ ] a', '[^1]', '+ a', 'C:\\a', '#', '<https://x.example>']) {
    const written = edit('x', on => on.dispatch(on.state.tr.replaceWith(0, on.state.doc.content.size, schema.node('paragraph', null, [schema.text(words)]))));
    const again = new Source().read(`Before\n\n${written}\n\nAfter[^1]\n\n[^1]: note`);
    assert.equal(again.child(1).type.name, 'paragraph', written);
    assert.equal(again.child(1).textContent, words, written);
  }
});

test('lists and code beside a changed list stay what they are', () => {
  assert.equal(edit('One\n: a\n\nTwo\n: b', typeAt('a', ': *c*')), 'One\n: a: \\*c\\*\n\nTwo\n: b');
  assert.equal(edit('- a\n\n* b', typeAt('b', '!')), '- a\n\n* b!');
  assert.equal(edit('- a\n\ntext\n\n- b', on => on.dispatch(on.state.tr.delete(7, 13))), '- a\n\n* b');
  assert.equal(edit('- a\n\ntext\n\n    code', on => on.dispatch(on.state.tr.delete(7, 13))), '- a\n\n```\ncode\n```');
  assert.equal(edit('```\nopen', on => on.dispatch(on.state.tr.insert(on.state.doc.content.size, schema.node('paragraph', null, [schema.text('after')])))), '```\nopen\n```\n\nafter');
});

// As two readers see it: emphasis without the spaces at its ends, no empty paragraphs, no spaces at the ends of lines.
function meaning(node) {
  if (!node.isTextblock) {
    let inside = [];
    node.forEach(child => inside.push(meaning(child)));
    const { bullet, delimiter, tight, checked, ...attrs } = node.attrs;
    // A pair of nothing is not written, and half a pair shows a space.
    const isNothing = child => child.inside.every(([words]) => !words.trim());
    if (node.type.name === 'description_list') inside = inside.flatMap((child, at) => (at % 2 || (isNothing(child) && isNothing(inside[at + 1])) ? [] : [child, inside[at + 1]])).map(child => (isNothing(child) ? { ...child, inside: [] } : child));
    const isTask = checked !== undefined && checked !== null && node.firstChild.type.name === 'paragraph';
    return { type: node.type.name, attrs, ...(isTask ? { checked } : {}), inside: inside.filter(child => !['paragraph', 'description_list'].includes(child.type) || child.inside.length || inside.length === 1) };
  }
  let parts = [];
  node.forEach(child => {
    const marks = child.marks.map(({ type, attrs }) => type.name + (attrs.href ?? '')).sort().join();
    if (!child.isText) parts.push([JSON.stringify([child.type.name, child.attrs]), child.type.name === 'hard_break' ? '' : marks]);
    else if (node.type.spec.code || marks.includes('code')) parts.push([child.text, marks]);
    else for (const text of child.text.match(/\s+|\S+/g)) parts.push([text, /\s/.test(text) ? '' : marks]);
  });
  const isGap = part => part !== undefined && (/^\s+$/.test(part[0]) || part[0].startsWith('["hard_break"'));
  if (!node.type.spec.code) {
    while (isGap(parts.at(-1))) parts.pop();
    while (isGap(parts[0])) parts.shift();
    parts = parts.filter((part, at) => !/^\s+$/.test(part[0]) || ![parts[at - 1], parts[at + 1]].some(other => other?.[0].startsWith('["hard_break"')));
  }
  return { type: node.type.name, attrs: node.attrs, inside: parts };
}

test('texts that are changed at random read as they were shown', () => {
  let seed = 1;
  // Of Lehmer: the same numbers each time.
  const random = count => { seed = (seed * 48271) % 2147483647; return seed % count; };
  const pick = all => all[random(all.length)];
  const bits = ['word', ' ', '*', '_', '**', '`', '[a](b)', '<b>', '&amp;', '~~', '#', '# x', '- x', '1. x', '> q', '|', ': d', '!', '\\', 'https://x.example/a_b', '(', ')', '。', '「x」', 'é', '---', '[^1]', '\u00a0', '```', '[x] ', 'www.x.example'];
  const acts = {
    ...Object.fromEntries(['strong', 'em', 'strike', 'code'].map(name => [name, commands.mark(name).run])),
    up: commands.move(-1), down: commands.move(1), bullets: commands.bulletList.run, numbers: commands.orderedList.run, tasks: commands.taskList.run,
    quote: commands.quote.run, codeBlock: commands.codeBlock.run, heading: commands.heading(2).run, subheading: commands.heading(3).run, lineBreak: commands.lineBreak, table: commands.table, rule: commands.rule,
    descriptions: commands.descriptions, enter: commands.enter,
    link: (state, dispatch) => state.selection.empty || commands.setLink(state.selection, { href: pick(['/a', 'https://x.example/(a', '/a b', '/a?b&copy;']) })(state, dispatch),
    type: (state, dispatch) => dispatch(state.tr.insertText(pick(bits) + pick(bits))),
    remove: (state, dispatch) => dispatch(state.tr.deleteSelection()),
  };
  const differing = [];
  let edits = 0;
  for (let round = 0; round < 250; round++) {
    const source = new Source();
    const text = Array.from({ length: 1 + random(4) }, () => pick(spec).trim()).join('\n\n');
    let state = EditorState.create({ doc: source.read(text) });
    for (let step = 0; step < 5; step++) {
      const places = [];
      state.doc.descendants((node, at) => { if (node.isTextblock && node.type.name !== 'markdown') places.push([node, at]); });
      if (!places.length) break;
      const [node, at] = pick(places);
      const ends = [0, 1].map(() => at + 1 + random(node.content.size + 1)).sort((one, other) => one - other);
      state = state.apply(state.tr.setSelection(TextSelection.between(...ends.map(end => state.doc.resolve(end)))));
      const name = pick([...Object.keys(acts), 'type', 'type', 'type']);
      acts[name](state, transaction => { state = state.apply(transaction); });
      edits += 1;
      const written = source.write(state.doc);
      const shown = doc => JSON.stringify(meaning(doc).inside.filter(({ type }) => type !== 'markdown'));
      if (shown(state.doc) !== shown(new Source().read(written))) {
        differing.push(`${name}: ${written}`);
        break;
      }
    }
  }
  assert.ok(edits > 700, `${edits} edits`);
  // Emphasis that overlaps in three ways has no form in Markdown; nothing else may differ.
  assert.ok(differing.length <= 1, differing.join('\n--\n'));
});
