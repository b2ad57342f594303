// A type with fields of all kinds, and a document of it: written, published, edited, compared, brought back, exported, imported, found,
// and read by a program.
import assert from 'node:assert/strict';
import { command, kill, moveTo, start } from './program.mjs';
import { inspect, makePage, openBrowser, picture, signIn, test, url } from './writers.mjs';

const { publish } = await import('./browser.mjs');
const ada = await openBrowser();
const { page } = ada;
const flash = text => page.locator('.flash').filter({ hasText: text }).waitFor();
const { PLINTH_DATA: data } = process.env;

// Label, control, where it is shown, and what else the form of the field asks for.
const FIELDS = [
  ['Town', 'line', 'fact', { limit: '20' }],
  ['Address', 'text', 'fact', {}],
  ['Profile', 'markdown', 'section', {}],
  ['Staff', 'number', 'fact', {}],
  ['Founded', 'date', 'fact', {}],
  ['Risk', 'choice', 'fact', { options: 'low\nhigh' }],
  ['Certified', 'yes_no', 'fact', {}],
  ['Website', 'url', 'fact', {}],
  ['Part of', 'reference', 'fact', {}],
  ['Price list', 'media', 'section', {}],
  ['Contacts', 'rows', 'section', { parts: 'Name\nCalls: number' }],
];

// What the text of an editor is when it is sent.
const setText = (name, words) => page.locator(`textarea[name=${name}]`).evaluate((area, text) => {
  area.value = text;
  area.dispatchEvent(new Event('input', { bubbles: true }));
}, words);

async function visitorsSee(words) {
  const visitor = await openBrowser();
  await visitor.page.goto(`${url}/acme`);
  const shown = await visitor.page.locator('main').textContent();
  for (const word of words) assert.ok(shown.includes(word), `${word} is not in ${shown}`);
  assert.equal(await visitor.page.locator('main').getByRole('link', { name: 'Group', exact: true }).getAttribute('href'), '/group');
  await visitor.leave();
}

async function programsRead(town) {
  const { document_type: type, fields } = await (await fetch(`${url}/api/v1/documents/acme`)).json();
  const expected = { town, staff: 12.5, founded: '2001-06-30', risk: 'high', certified: true, part_of: '/group' };
  for (const [key, value] of Object.entries({ ...expected, website: 'https://supplier.example/' })) assert.equal(fields[key], value, key);
  assert.deepEqual([type, fields.contacts], ['supplier', [{ name: 'Ida', calls: 3 }, { name: 'Otto' }]]);
}

async function visitorsFind(words) {
  const visitor = await openBrowser();
  await visitor.page.goto(`${url}/search?q=${words}`);
  const found = visitor.page.locator('main a[href="/acme"]');
  for (let n = 0; n < 60 && await found.count() === 0; n++) {
    await visitor.page.waitForTimeout(250);
    await visitor.page.reload();
  }
  assert.ok(await found.count() > 0, `${words} was not found`);
  await visitor.leave();
}

test('a type with a field of each kind is made', async () => {
  await signIn(page, 'ada');
  await page.goto(`${url}/admin/types/new`);
  await page.locator('#field-label').fill('Supplier');
  await page.getByRole('button', { name: 'Make the type' }).click();
  await flash('was made');
  for (const [label, control, shown, more] of FIELDS) {
    await page.goto(`${url}/admin/types/supplier/fields/new`);
    await page.locator('#field-label').fill(label);
    await page.locator('#field-control').selectOption(control);
    for (const [name, value] of Object.entries(more)) await page.locator(`#field-${name}`).fill(value);
    await page.locator('#field-shown').selectOption(shown);
    if (label === 'Town') await page.locator('#field-searched').check();
    await page.getByRole('button', { name: 'Add the field' }).click();
    await flash('was added');
  }
  assert.deepEqual(await inspect(page), []);
});

test('a document of it is written and published', async () => {
  await page.goto(`${url}/admin/media`);
  await page.getByRole('link', { name: 'Add files' }).click();
  const file = { name: 'prices.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n%%EOF\n') };
  await page.locator('#field-files').setInputFiles([file]);
  await page.getByRole('status').filter({ hasText: /^\W*1 file in the library/ }).waitFor();
  await makePage(page, 'Group', 'What others are part of.');
  await publish(page);

  await page.goto(`${url}/admin/pages/new?type=supplier`);
  await page.locator('#field-title').fill('Acme');
  await setText('body', 'They supply *everything*.');
  await setText('profile', 'They **answer** at once.');
  const typed = {
    town: 'Graz', address: 'Lane 1\nSecond floor', staff: '012.50', founded: '2001-06-30', website: 'https://supplier.example/',
    part_of: '/group', price_list: '[The prices](/media/prices.pdf)', 'contacts.0.name': 'Ida', 'contacts.0.calls': '3',
    'contacts.1.name': 'Otto',
  };
  for (const [name, value] of Object.entries(typed)) await page.locator(`[id="field-${name}"]`).fill(value);
  await page.locator('#field-risk').selectOption('high');
  await page.locator('#field-certified').check();
  assert.deepEqual(await inspect(page), []);
  await publish(page);
  await picture(page, 'supplier');
  await visitorsSee(['Graz', 'Second floor', 'answer', '12.5', 'high', 'Yes', 'supplier.example', 'The prices', 'Ida', 'Otto']);
  await programsRead('Graz');
});

test('it is edited, compared and brought back', async () => {
  const edit = new URL(page.url()).pathname;
  const document = `${url}/admin/documents/${edit.split('/').pop()}`;
  await page.locator('#field-town').fill('Wien');
  await publish(page);
  await programsRead('Wien');
  await page.goto(`${document}/compare?old=1&new=2`);
  await page.locator('.text-diff ins').filter({ hasText: 'Wien' }).waitFor();
  await page.locator('.text-diff del').filter({ hasText: 'Graz' }).waitFor();
  await page.goto(`${document}/revisions/1`);
  await page.getByRole('button', { name: 'Bring version 1 back' }).click();
  await page.locator('.flash').waitFor();
  await page.goto(url + edit);
  assert.equal(await page.locator('#field-town').inputValue(), 'Graz');
  await programsRead('Wien');
  await publish(page);
  await programsRead('Graz');
});

test('it goes to files and comes back from them, and is found', async () => {
  await ada.leave();
  await kill();
  command('export', `${data}-files`);
  moveTo(`${data}-copy`);
  command('import', `${data}-files`);
  await start();
  await visitorsSee(['Graz', 'Second floor', 'The prices', 'Otto']);
  await programsRead('Graz');
  await visitorsFind('graz');
});
