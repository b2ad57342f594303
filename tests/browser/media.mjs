// The media library: a picture is added, found, described and shown on a page.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { field, inspect, leaveTo, openBrowser, picture, publish, test, url, visual, writeMarkdown } from './browser.mjs';

const { page } = ada;

// A picture of the browser's own making, in the bytes of a file.
async function makePicture(width, height, colour) {
  const data = await page.evaluate(([width, height, colour]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const pen = canvas.getContext('2d');
    pen.fillStyle = colour;
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = 'white';
    pen.fillRect(width / 4, height / 4, width / 2, height / 2);
    return canvas.toDataURL('image/png').split(',')[1];
  }, [width, height, colour]);
  return Buffer.from(data, 'base64');
}

test('pictures and files are added, found and described', async () => {
  await leaveTo(page, `${url}/admin/media`);
  await page.getByRole('link', { name: 'Add files' }).click();
  await page.locator('#field-files').setInputFiles([
    { name: 'Audit Plan.png', mimeType: 'image/png', buffer: await makePicture(1600, 900, 'teal') },
    { name: 'fees.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n%%EOF\n') },
  ]);
  await page.getByRole('status').filter({ hasText: '2 files in the library.' }).waitFor();
  await picture(page, 'media-added');
  assert.deepEqual(await inspect(page), []);

  // What is dropped is sent as well, and what cannot be added says why.
  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['%PDF-1.7\n%%EOF\nmore'], 'terms.pdf', { type: 'application/pdf' }));
    data.items.add(new File(['<svg/>'], 'drawing.svg', { type: 'image/svg+xml' }));
    return data;
  });
  await page.locator('[data-drop-files]').dispatchEvent('drop', { dataTransfer: dropped });
  await page.getByRole('status').filter({ hasText: '3 files in the library. 1 file not added.' }).waitFor();
  await page.getByRole('button', { name: 'Try again: drawing.svg' }).waitFor();
  await page.getByRole('link', { name: 'terms' }).waitFor();
  await page.goto(`${url}/admin/media`);
  await picture(page, 'media');
  assert.deepEqual(await inspect(page), []);
  await page.getByLabel('Find a file by title, label or name').fill('plan');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('link', { name: 'Audit Plan' }).click();
  await page.getByLabel('Title').fill('Plan of an audit');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.flash').filter({ hasText: 'was saved' }).waitFor();
  await picture(page, 'media-thing');
  assert.deepEqual(await inspect(page), []);
  await page.getByRole('link', { name: 'Delete…' }).click();
  await page.getByText('is deleted for good').waitFor();
  assert.deepEqual(await inspect(page), []);
});

test('a page shows a picture in the width of the screen', async () => {
  await leaveTo(page, `${url}/admin/pages/new`);
  await page.locator('#field-title').fill('Plans');
  await writeMarkdown(page, '![How an audit goes](/media/audit-plan.png)');
  await publish(page);
  const visitor = await openBrowser({ viewport: { width: 360, height: 800 } });
  await visitor.page.goto(`${url}/plans`);
  const shown = visitor.page.getByRole('img', { name: 'How an audit goes' });
  await shown.evaluate(img => img.decode());
  const { source, natural, box } = await shown.evaluate(img =>
    ({ source: img.currentSrc, natural: img.naturalWidth, box: img.getBoundingClientRect().width }));
  assert.ok(source.includes('/media/audit-plan.png/') && natural < 1600 && box <= 360, `${source} ${natural} ${box}`);
  assert.deepEqual(await inspect(visitor.page), []);
  await visitor.leave();
});

test('a picture is replaced everywhere, and put back', async () => {
  const visitor = await openBrowser();
  const shown = visitor.page.getByRole('img', { name: 'How an audit goes' });
  const size = async () => {
    await visitor.page.goto(`${url}/plans`);
    return shown.evaluate(async img => { await img.decode(); return `${img.getAttribute('width')} ${img.currentSrc}`; });
  };
  const before = await size();
  assert.ok(before.startsWith('1600 '), before);
  await leaveTo(page, `${url}/admin/media`);
  await page.getByRole('link', { name: 'Plan of an audit' }).click();
  await page.getByRole('link', { name: 'Replace…' }).click();
  await page.getByText('Visitors see the new one at once').waitFor();
  await page.getByRole('link', { name: 'Plans' }).waitFor();
  await picture(page, 'media-replace');
  assert.deepEqual(await inspect(page), []);
  await page.getByLabel('New picture').setInputFiles(
    { name: 'other.png', mimeType: 'image/png', buffer: await makePicture(1000, 1000, 'maroon') });
  await page.getByRole('button', { name: 'Replace it everywhere' }).click();
  await page.locator('.flash').filter({ hasText: 'was replaced, everywhere it is used' }).waitFor();
  await picture(page, 'media-replaced');
  assert.deepEqual(await inspect(page), []);
  assert.match(await size(), /^1000 .*\/media\/audit-plan\.png\//);
  await page.getByRole('button', { name: 'Put the previous one back' }).click();
  await page.locator('.flash').filter({ hasText: 'was put back, everywhere it is used' }).waitFor();
  assert.equal(await size(), before);
  await visitor.leave();
});

// What a program that copies a picture puts into the clipboard.
const pastePicture = (target, names) => target.evaluate(async (text, names) => {
  const clipboardData = new DataTransfer();
  for (const [at, name] of names.entries()) {
    const canvas = Object.assign(document.createElement('canvas'), { width: 40 + at, height: 30 });
    canvas.getContext('2d').fillRect(0, 0, 20, 20);
    const bytes = await new Promise(done => { canvas.toBlob(done); });
    clipboardData.items.add(new File([bytes], name, { type: 'image/png' }));
  }
  text.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}, names);
const written = text => page.waitForFunction(text => document.querySelector('textarea[name=body]').value === text, text);

test('a picture that is pasted asks what it shows', async () => {
  await leaveTo(page, `${url}/admin/pages/new`);
  await page.locator('#field-title').fill('Pasted');
  await visual(page).focus();
  await pastePicture(visual(page), ['image.png']);
  const dialog = page.getByRole('dialog', { name: 'Add a picture' });
  await dialog.getByText('All have arrived.').waitFor();
  await picture(page, 'media-pasted');
  assert.deepEqual(await inspect(page), []);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByText('Say what the picture shows, or that it is decorative').waitFor();
  await dialog.getByLabel('Description').fill('A black square');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await written('![A black square](/media/image.png)');
  await page.waitForFunction(() => document.querySelector('.editor-text img[src]')?.naturalWidth > 0);
});

test('pictures are chosen from the library, and several are pasted into Markdown', async () => {
  await leaveTo(page, `${url}/admin/pages/new`);
  await visual(page).focus();
  await page.getByRole('button', { name: 'Picture', exact: true }).click();
  const choice = page.getByRole('dialog', { name: 'Add a picture' });
  await choice.getByRole('button', { name: 'Plan of an audit' }).waitFor();
  assert.deepEqual(await inspect(page), []);
  await choice.getByRole('button', { name: 'Plan of an audit' }).click();
  await choice.getByLabel('Decorative').check();
  await choice.getByRole('button', { name: 'Add', exact: true }).click();
  await written('![](/media/audit-plan.png "decorative")');

  await writeMarkdown(page, '');
  await page.getByRole('button', { name: 'Markdown', exact: true }).click();
  await field(page).focus();
  await pastePicture(field(page), ['one.png', 'two.png']);
  const several = page.getByRole('dialog', { name: 'Add 2 pictures' });
  await several.getByText('All have arrived.').waitFor();
  await several.getByLabel('Description').nth(0).fill('One');
  await several.getByLabel('Description').nth(1).fill('Two');
  await several.getByRole('button', { name: 'Add', exact: true }).click();
  await page.waitForFunction(() => /^!\[One\]\(\/media\/[a-z0-9-]+\.png\)\n\n!\[Two\]\(\/media\/two\.png\)$/.test(document.querySelector('textarea[name=body]').value));
  await page.getByRole('button', { name: 'Visual', exact: true }).click();
});
