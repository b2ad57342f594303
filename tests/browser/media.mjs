// The media library: a picture is added, found, described and shown on a page.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { inspect, leaveTo, openBrowser, picture, publish, test, url, writeMarkdown } from './browser.mjs';

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
  await page.getByRole('button', { name: 'Add files' }).click();
  await page.locator('.flash').getByText('2 files were added.').waitFor();
  await picture(page, 'media');
  assert.deepEqual(await inspect(page), []);
  await page.getByLabel('Find a file by title, label or name').fill('plan');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('link', { name: 'Audit Plan' }).click();
  await page.getByLabel('Title').fill('Plan of an audit');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('“Plan of an audit” was saved.').waitFor();
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
