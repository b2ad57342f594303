// The visual editor: writing with the keyboard alone, the source and back, pastes, and what happens when it breaks.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { beside, field, inspect, leaveTo, openBrowser, picture, test, url, violations, visual, writeMarkdown } from './browser.mjs';

const { context, page } = ada;
const source = () => field(page).inputValue();
const key = async (...keys) => { for (const one of keys) await page.keyboard.press(one); };
const type = words => page.keyboard.type(words);
const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.id);
const bar = name => page.locator('.title-bar').getByRole('button', { name });

// A page that nobody wrote yet, with the caret in its text.
async function fresh(text = '') {
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
  await page.goto(`${url}/admin/pages/new`);
  await visual(page).waitFor();
  if (text) await writeMarkdown(page, text);
  await visual(page).focus();
}

// What a program that copies puts into the clipboard.
const paste = (html, plain = '') => page.evaluate(([html, plain]) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData('text/html', html);
  clipboardData.setData('text/plain', plain);
  document.querySelector('.editor-text').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}, [html, plain]);

test('a page is written with the keyboard alone, saved and published', async () => {
  await fresh();
  await beside(page, 'Preview');
  assert.deepEqual(await inspect(page), []);
  await page.locator('#field-title').focus();
  await type('Written visually');
  await visual(page).focus();
  await type('## A heading');
  await key('Enter');
  await type('Some **bold**, *slanted* and `exact` words, [linked](/faq).');
  await key('Enter');
  await type('- one');
  await key('Enter');
  await type('two');
  await key('Control+]');
  await key('Enter', 'Enter', 'Enter');
  await type('[ ] to do');
  await key('Enter');
  await type('done');
  await key('Alt+Enter');
  const written = '## A heading\n\nSome **bold**, *slanted* and `exact` words, [linked](/faq).\n\n- one\n  - two\n\n* [ ] to do\n* [x] done';
  assert.equal(await source(), written);
  await page.frameLocator('iframe[name=preview]').locator('li.task.done').waitFor();
  assert.deepEqual(await inspect(page), []);
  await picture(page, 'visual-editor');
  await key('Control+s');
  await page.locator('.flash').filter({ hasText: 'is saved' }).waitFor();
  assert.equal(await source(), written);
  await page.waitForFunction(() => document.activeElement?.classList.contains('editor-text'));
  await key('Control+Enter');
  await page.getByRole('dialog').getByRole('button', { name: /^Publish/ }).waitFor();
  await key('Control+Enter');
  await page.locator('.flash').filter({ hasText: 'is published' }).waitFor();
  const visitor = await openBrowser();
  await visitor.page.goto(`${url}/written-visually`);
  await visitor.page.locator('.body li.task.done', { hasText: 'done' }).waitFor();
  assert.equal(await visitor.page.locator('.body h2').innerText(), 'A heading');
  await visitor.leave();
});

test('Tab leaves the editor, and the toolbar is one stop with arrow keys', async () => {
  await fresh('Words');
  await key('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.closest('.editor-frame')), null);
  await key('Shift+Tab');
  assert.equal(await focused(), 'Text');
  await key('Alt+F10');
  assert.equal(await focused(), 'Undo');
  await key('End', 'Home', 'ArrowRight', 'ArrowRight');
  assert.equal(await focused(), 'Heading');
  assert.deepEqual(await violations(page), []);
  await key('Enter', 'Escape');
  assert.equal(await focused(), 'Text');
  // The toolbar is drawn with the next frame.
  await page.locator('.editor-toolbar button[aria-label=Heading][aria-pressed=true]').waitFor();
  assert.equal(await source(), '## Words');
  await key('Control+a', 'Control+b');
  assert.equal(await source(), '## **Words**');
  await key('Control+z', 'Control+z');
  assert.equal(await source(), 'Words');
});

test('the menu of blocks makes a table, and its cells are written by keys', async () => {
  await fresh('First');
  await key('Control+End', 'Enter');
  await type('/');
  const options = page.getByRole('listbox', { name: 'Blocks' }).getByRole('option');
  assert.ok(await options.count() > 8);
  assert.deepEqual(await violations(page), []);
  await type('tab');
  assert.deepEqual(await options.allInnerTexts(), ['Table']);
  assert.match(await visual(page).getAttribute('aria-activedescendant'), /table$/);
  await key('Enter');
  await type('Head');
  await key('Control+]');
  await type('a|b');
  await key('Control+]');
  await type('Last');
  await key('ArrowDown', 'Control+[');
  await type('x');
  await key('Enter');
  await type('y');
  const table = '| Head | a\\|b | Last |\n|---|---|---|\n|  | x<br>y |  |\n|  |  |  |';
  assert.equal(await source(), `First\n\n${table}`);
  assert.deepEqual(await inspect(page), []);
  await visual(page).focus();
  await key('ArrowDown', 'ArrowDown');
  await type('After');
  assert.equal(await source(), `First\n\n${table}\n\nAfter`);
  await key('Enter');
  await type('/');
  await key('Escape');
  await type('etc');
  assert.ok((await source()).endsWith('After\n\n/etc'));
});

test('a description list is written by keys', async () => {
  await fresh('First');
  await key('Control+End', 'Enter');
  await type('/desc');
  await key('Enter');
  await type('Term');
  await key('Enter');
  await type('Meaning');
  await key('Enter');
  await type('Other');
  await key('Enter');
  await type('More');
  await key('Enter', 'Enter');
  await type('After');
  assert.equal(await source(), 'First\n\nTerm\n: Meaning\n\nOther\n: More\n\nAfter');
  assert.deepEqual(await inspect(page), []);
});

// The text changes a moment after the dialog is gone.
const sourceIs = expected =>
  page.waitForFunction(expected => document.querySelector('textarea[name=body]').value === expected, expected);

// A suggestion of the dialog; the form below has options of its own.
const option = (which) => page.getByRole('dialog').getByRole('option', which);

test('a link is made, changed and removed in a dialog', async () => {
  await fresh('Read this now');
  await key('Control+Home');
  for (let n = 0; n < 5; n++) await key('ArrowRight');
  for (let n = 0; n < 4; n++) await key('Shift+ArrowRight');
  await key('Control+k');
  await page.getByRole('dialog', { name: 'Add a link' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await type('javascript:alert(1)');
  await key('Enter');
  await page.getByText('Links may lead to').waitFor();
  const address = page.getByLabel('Address', { exact: true });
  await address.fill('Foundation');
  await option().first().waitFor();
  assert.deepEqual(await violations(page), []);
  await key('ArrowDown');
  const chosen = option({ selected: true });
  await chosen.waitFor();
  const path = await chosen.locator('bdi').textContent();
  await key('Enter');
  await page.waitForFunction((expected) => document.getElementById('_link-address').value === expected, path);
  assert.match(path, /^\//);
  await address.fill('/faq');
  await key('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await sourceIs('Read [this](/faq) now');
  assert.equal(await focused(), 'Text');
  await key('ArrowLeft', 'ArrowRight', 'Control+k');
  await address.fill('/about');
  await page.getByLabel('Words that are the link').fill('that page');
  await key('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await sourceIs('Read [that page](/about) now');
  await key('Control+k');
  await page.getByRole('button', { name: 'Remove the link' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await sourceIs('Read that page now');
});

test('a link is found and put into Markdown with the keyboard', async () => {
  await fresh('Read this now');
  await page.getByRole('button', { name: 'Markdown', exact: true }).click();
  await field(page).waitFor();
  await field(page).evaluate(area => { area.focus(); area.setSelectionRange(5, 9); });
  await page.getByRole('button', { name: 'Add a link' }).focus();
  await key('Enter');
  await page.getByRole('dialog', { name: 'Add a link' }).waitFor();
  assert.equal(await page.getByLabel('Words that are the link').inputValue(), 'this');
  await type('Foundation');
  await option().first().waitFor();
  await key('ArrowDown');
  await option({ selected: true }).waitFor();
  // The first Escape closes the list alone.
  await key('Escape');
  await option().first().waitFor({ state: 'detached' });
  await type(' ');
  await option().first().waitFor();
  await key('ArrowDown', 'Enter');
  await page.waitForFunction(() => document.getElementById('_link-address').value.startsWith('/'));
  const path = await page.getByLabel('Address', { exact: true }).inputValue();
  await key('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await sourceIs(`Read [this](${path}) now`);
  await page.getByRole('button', { name: 'Visual', exact: true }).click();
  await visual(page).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Add a link' }).isVisible(), false);
});

test('the source and back: nothing is changed by looking, the caret stays, and all of it can be undone', async () => {
  const text = '# A\n\ntext *one* two\n\n<div>raw</div>\n\nTerm\n: Meaning[^1]\n\n  More\n\n[^1]: A *note*';
  await fresh(text);
  assert.equal(await source(), text);
  await visual(page).getByText('two').click();
  await key('End');
  await page.getByRole('button', { name: 'Markdown', exact: true }).click();
  assert.equal(await page.evaluate(() => document.activeElement.selectionStart), text.indexOf('\n\n<div>'));
  await type('!');
  assert.deepEqual(await inspect(page), []);
  await page.getByRole('button', { name: 'Visual', exact: true }).click();
  await type('?');
  assert.equal(await source(), text.replace('two', 'two!?'));
  await key('Control+z', 'Control+z');
  assert.equal(await source(), text);
  for (const [name, words] of [['HTML', '<div>raw</div>'], ['Description list', ': Meaning[^1]\n\n  More'], ['Footnote', 'A *note*']]) {
    await page.getByRole('group', { name }).locator('pre').click();
    await key('Control+End');
    assert.ok(await page.getByRole('group', { name }).getByText(words).count(), name);
  }
  await type(' changed');
  assert.equal(await source(), `${text} changed`);
  await page.getByRole('button', { name: 'Markdown', exact: true }).click();
  await page.locator('#field-title').fill('Source and back');
  await bar('Save').click();
  await page.locator('.flash').filter({ hasText: 'is saved' }).waitFor();
  assert.equal(await source(), `${text} changed`);
  assert.equal(await field(page).isVisible(), true, 'the way to write is remembered');
  assert.equal(await page.locator('#field-body-hint').isVisible(), true);
  await page.getByRole('button', { name: 'Visual', exact: true }).click();
});

test('what is pasted arrives clean and inert, and what is left out is told', async () => {
  await fresh('Start');
  await key('Control+End', 'Enter');
  await paste('<style>p{color:red}</style><script>window.hacked=1</script><p style="color:red" onclick="hacked=1">Hello <b style="font-weight:bold">bold</b>'
    + ' <a href="javascript:hacked=1">bad</a> <a href="https://x.example/" onmouseover=hacked=1>good</a><img src=x onerror=hacked=1><iframe src="//evil.example"></iframe></p><svg onload=hacked=1></svg>', 'plain words');
  assert.equal(await source(), 'Start\n\nHello **bold** bad [good](https://x.example/)');
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  await page.locator('.editor-status').getByText('Pasted without 1 link, 1 picture, 1 embedded page and 1 drawing.').waitFor();
  assert.deepEqual(await inspect(page), []);
  await page.getByRole('button', { name: 'Paste as plain text instead' }).click();
  assert.equal(await source(), 'Start\n\nplain words');

  await key('Control+a', 'Delete');
  await paste('<b style="font-weight:normal;" id="docs-internal-guid-1"><h2 style="line-height:1.38"><span style="font-size:16pt;font-weight:400">Heading</span></h2><p><span style="font-weight:700">bold</span><span style="font-style:italic"> slanted</span></p>'
    + '<ul><li><p><span>one</span></p></li><ul><li><p>deep</p></li></ul><li><p>two</p></li></ul><div><table><tbody><tr><td><p>a</p></td><td><p>b</p><p>c</p></td></tr><tr><td>1</td><td>2</td></tr></tbody></table></div></b>');
  assert.equal(await source(), '## Heading\n\n**bold** *slanted*\n\n- one\n  - deep\n- two\n\n| a | b<br>c |\n|---|---|\n| 1 | 2 |');

  await key('Control+a', 'Delete');
  const item = (style, sign, words) => `<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:${style}'><![if !supportLists]><span style='mso-list:Ignore'>${sign}<span>&nbsp; </span></span><![endif]>${words}</p>`;
  await paste(`<html><body><!--StartFragment--><p class=MsoNormal>Intro<o:p></o:p></p>${item('l0 level1 lfo1', '·', 'First')}${item('l0 level2 lfo1', 'o', 'Deep')}${item('l1 level1 lfo2', '1.', 'Number')}<p class=MsoNormal>End</p><!--EndFragment--></body></html>`);
  assert.equal(await source(), 'Intro\n\n- First\n  - Deep\n\n1. Number\n\nEnd');

  await key('Control+a', 'Delete');
  await paste('', '# Head\n\n- a\n- b');
  assert.equal(await source(), '# Head\n\n- a\n- b');
  await page.getByRole('button', { name: 'Paste as plain text instead' }).click();
  assert.equal(await source(), '\\# Head\n\n\\- a\\\n\\- b');
});

test('an input method writes, and a file that is dropped does not lead away', async () => {
  await fresh('Start');
  await key('Control+End', 'Enter');
  const client = await context.newCDPSession(page);
  for (const text of ['に', 'にほ', 'にほん']) await client.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await client.send('Input.insertText', { text: '日本' });
  await type('!');
  assert.equal(await source(), 'Start\n\n日本!');
  await client.detach();
  await visual(page).evaluate(text => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'x.png', { type: 'image/png' }));
    text.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  const dialog = page.getByRole('dialog', { name: 'Add a picture' });
  await dialog.getByText('is none of what can be added').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await source(), 'Start\n\n日本!');
});

test('blocks are moved by keys and by the mouse', async () => {
  await fresh('one\n\ntwo\n\n* a\n* b\n\nthree');
  await visual(page).getByText('two').click();
  await key('Alt+Shift+ArrowUp');
  assert.equal(await source(), 'two\n\none\n\n* a\n* b\n\nthree');
  await key('Control+z');
  await visual(page).getByText('a', { exact: true }).click();
  await key('Alt+Shift+ArrowDown');
  assert.equal(await source(), 'one\n\ntwo\n\n* b\n* a\n\nthree');
  // A browser that has to scroll while the mouse is down begins no drag.
  await visual(page).evaluate(text => text.scrollIntoView({ block: 'start', behavior: 'instant' }));
  await visual(page).getByText('one').hover();
  await page.locator('.editor-handle').dragTo(visual(page).getByText('three'), { targetPosition: { x: 200, y: 12 } });
  assert.equal(await source(), 'two\n\n* b\n* a\n\nthree\n\none');
});

test('words are found and replaced', async () => {
  await fresh('Cat and cat\n\nnot a CAT');
  await key('Control+Home', 'Control+f');
  await type('cat');
  await key('Enter');
  await page.getByText('1 of 3').waitFor();
  assert.deepEqual(await inspect(page), []);
  await page.getByLabel('Replace with').fill('dog');
  await key('Enter');
  assert.equal(await source(), 'dog and cat\n\nnot a CAT');
  await page.getByRole('button', { name: 'Replace all' }).click();
  assert.equal(await source(), 'dog and dog\n\nnot a dog');
  await page.getByLabel('Replace with').press('Escape');
  assert.equal(await focused(), 'Text');
});

test('full screen holds the focus and stays over a save', async () => {
  await fresh('Words');
  await page.locator('#field-title').fill('On a full screen');
  await visual(page).focus();
  await key('Control+Shift+f');
  assert.equal(await page.locator('.editor-frame.is-full').count(), 1);
  assert.deepEqual(await inspect(page), []);
  await visual(page).focus();
  await key('Tab');
  assert.equal(await page.evaluate(() => Boolean(document.activeElement.closest('main .title-bar, .sidebar'))), false);
  await visual(page).focus();
  await key('Control+s');
  await page.waitForURL(/\/admin\/pages\/\d+/);
  assert.equal(await page.locator('.editor-frame.is-full').count(), 0, 'another screen is not filled');
});

test('when the editor breaks, the text area comes back with every word', async () => {
  await fresh('Words');
  await key('Control+End');
  await type(' and more');
  const { faults } = ada;
  await page.evaluate(() => {
    const { get } = WeakMap.prototype;
    WeakMap.prototype.get = function broken(node) {
      if (node?.type?.name) throw new Error('broken on purpose');
      return get.call(this, node);
    };
  });
  await type('x');
  await page.getByText('The visual editor has stopped working.').waitFor();
  assert.match(await source(), /^Words and more/);
  await field(page).fill('Words and more, as Markdown');
  await page.locator('#field-title').fill('Not broken');
  await bar('Save').click();
  await page.locator('.flash').filter({ hasText: 'is saved' }).waitFor();
  assert.equal(await source(), 'Words and more, as Markdown');
  const expected = faults.filter(fault => fault.includes('broken on purpose'));
  assert.deepEqual(faults, expected);
  faults.length = 0;
});

test('a large text is opened and written in without waiting', async () => {
  await fresh();
  const long = Array.from({ length: 2500 }, (_, n) => (n % 5 ? `Paragraph ${n} with *some* words, [a link](/faq) and so on, and so on, until its end.` : `## Part ${n}`)).join('\n\n');
  // As a script does that brings back what was typed.
  await field(page).evaluate((area, text) => {
    area.value = text;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }, long);
  await key('Control+End');
  const begin = Date.now();
  await type(' The end.');
  assert.ok(Date.now() - begin < 9000, `${Date.now() - begin} ms for 9 keys`);
  await page.waitForFunction(text => document.querySelector('#field-body').value === text, `${long} The end.`);
});

test('without a script the text area does everything', async () => {
  const plain = await context.browser().newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
  const form = await plain.newPage();
  await form.goto(`${url}/admin/pages/new`);
  assert.equal(await form.locator('.editor-frame').count(), 0);
  await form.locator('#field-title').fill('Plainly written');
  await form.locator('#field-body').fill('## Plain\n\nText.');
  for (let clicks = 0; clicks < 2; clicks++) await form.locator('.title-bar').getByRole('button', { name: /^Publish/ }).click();
  await form.locator('.flash').filter({ hasText: 'is published' }).waitFor();
  assert.equal(await form.locator('#field-body').inputValue(), '## Plain\n\nText.');
  await plain.close();
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
});
