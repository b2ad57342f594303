// The keys and buttons that change what visitors see at once: nothing goes public, or moves, other than it was shown.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { inspect, openBrowser, picture, publish, test, url, visual, write } from './browser.mjs';

const { page } = ada;
const flash = page.locator('.flash');
const visitorsRead = async (path, text) => (await (await fetch(url + path)).text()).includes(text);
const sheet = page.locator('.sheet');
const bar = (name, on = page) => on.locator('.title-bar').getByRole('button', { name });

test('Ctrl+Enter publishes after it showed what changes, and never the drafts of others', async () => {
  await page.goto(`${url}/admin/pages/new`);
  await page.locator('#field-title').fill('Published by a key');
  await write(page, 'The first text.');
  await publish(page);
  const edit = page.url();
  const path = '/published-by-a-key';

  await write(page, 'Ada’s second text.');
  await visual(page).press('Control+Enter');
  await sheet.locator('.diff ins', { hasText: 'Ada’s second text.' }).waitFor();
  assert.equal(await visitorsRead(path, 'second text'), false, 'it is shown first');
  assert.deepEqual(await inspect(page), []);
  await page.keyboard.press('Control+Enter');
  await flash.filter({ hasText: 'is published' }).waitFor();
  assert.equal(await visitorsRead(path, 'second text'), true);

  const edith = await openBrowser();
  await edith.page.goto(edit.replace(url, `${url}/admin/sign-in?next=`));
  await edith.page.getByLabel('E-mail address').fill('edith@portal.example');
  await edith.page.getByLabel('Password').fill('seven quiet herons waited');
  await edith.page.keyboard.press('Enter');
  await edith.page.locator('#field-summary').fill('Edith’s summary, not agreed.');
  await bar('Save', edith.page).click();
  await edith.page.locator('.flash').filter({ hasText: 'is saved' }).waitFor();
  await edith.leave();

  await page.goto(edit);
  await write(page, 'Ada’s third text.');
  await visual(page).press('Control+Enter');
  await sheet.getByText('You would also publish what others have changed').waitFor();
  await picture(page, 'publication-others');
  for (const keys of ['Control+Enter', 'Control+Enter']) await page.keyboard.press(keys);
  await page.waitForTimeout(500);
  assert.equal(await sheet.count(), 1);
  assert.equal(await visitorsRead(path, 'not agreed'), false, 'the key does not confirm what others wrote');
  assert.equal(await visitorsRead(path, 'third text'), false);
  await sheet.getByRole('button', { name: /^Publish version/ }).click();
  await flash.filter({ hasText: 'is published' }).waitFor();
  assert.equal(await visitorsRead(path, 'not agreed'), true);
});

test('what is typed while a page is being saved comes along', async () => {
  await page.goto(`${url}/admin/pages/new`);
  await page.locator('#field-title').fill('Saved while typing');
  await write(page, 'The text.');
  for (const summary of ['Typed while it was made.', 'Typed while it was saved.']) {
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    const { pathname } = new URL(page.url());
    await page.route(target => target.pathname === pathname, async (route) => {
      if (route.request().method() === 'POST') await held;
      await route.continue();
    });
    await bar('Save').click();
    await page.locator('.notice', { hasText: 'Saving' }).waitFor();
    await page.locator('#field-summary').fill(summary);
    release();
    await flash.filter({ hasText: 'is saved' }).waitFor();
    // A new page has a screen of its own from now on; otherwise the form stays.
    if (pathname.endsWith('/new')) await page.locator('.notice', { hasText: 'What you typed is back' }).waitFor();
    assert.equal(await page.locator('#field-summary').inputValue(), summary);
    await page.unrouteAll();
    await bar('Save').click();
    await page.locator('.notice', { hasText: 'What you typed is back' }).waitFor({ state: 'hidden' });
    await flash.filter({ hasText: 'is saved' }).waitFor();
    assert.equal(await page.locator('#field-summary').inputValue(), summary, 'it builds on the version saved before');
    await write(page, `The text, again, with ${summary}`);
  }
});

test('a slug that follows the title is not typing, so a new page that is published gets its sheet', async () => {
  await page.goto(`${url}/admin/pages/new`);
  await write(page, 'The text.');
  // The slug is answered while the page is saved.
  let sendSlug;
  const saved = new Promise((resolve) => { sendSlug = resolve; });
  await page.route(target => target.pathname === '/admin/slug', async (route) => {
    await saved;
    await route.continue();
  });
  await page.route(target => target.pathname === '/admin/pages/new', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const slug = page.waitForResponse(response => response.url().includes('/admin/slug'));
    sendSlug();
    await (await slug).finished();
    await route.continue();
  });
  const asked = page.waitForRequest(request => request.url().includes('/admin/slug'));
  await page.locator('#field-title').fill('Published while its slug is made');
  await asked;
  await publish(page);
  await page.unrouteAll();
  assert.equal(await visitorsRead('/published-while-its-slug-is-made', 'The text.'), true);
});

test('presses of one button that follow each other are one move', async () => {
  await page.goto(`${url}/admin/pages`);
  const names = () => page.locator('#_order tr[data-id]').evaluateAll(rows => rows.map(row => row.dataset.name));
  const before = await names();
  assert.ok(before.length > 5, before.join());
  const moves = [];
  page.on('request', request => request.url().endsWith('/position') && moves.push(request.url()));
  const up = page.locator('#_order tr[data-id]').last().getByRole('button', { name: / up$/ });
  await up.focus();
  const done = page.waitForResponse(response => response.url().includes('/position'));
  for (let n = 0; n < 4; n++) await page.keyboard.press('Enter');
  await done;
  await flash.filter({ hasText: 'has moved to its new place' }).waitFor();
  const expected = before.toSpliced(-1, 1).toSpliced(-4, 0, before.at(-1));
  assert.deepEqual(await names(), expected);
  assert.equal(moves.length, 1);
  assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), / up$/);
  await page.reload();
  assert.deepEqual(await names(), expected);
  // Left before the move was sent, it is made all the same.
  await page.locator('#_order tr[data-id]').first().getByRole('button', { name: / down$/ }).press('Enter');
  await page.goto(`${url}/admin/audit-log`);
  await page.goto(`${url}/admin/pages`);
  for (let n = 0; n < 40 && (await names())[0] !== expected[1]; n++) await page.reload();
  assert.deepEqual((await names()).slice(0, 2), expected.slice(0, 2).reverse());
});

test('a button shows its key where that key would press it, and names without gaps', async () => {
  await page.goto(`${url}/admin/messages`);
  await page.locator('tbody th a').first().click();
  const hints = page.locator('button[data-save] kbd:visible');
  assert.equal(await hints.count(), 0);
  await page.locator('#field-note').focus();
  await hints.first().waitFor();
  assert.equal(await hints.count(), 1);
  assert.equal(await page.locator('section[aria-labelledby=_notes] button[data-save] kbd:visible').count(), 1);
  await page.locator('#field-assignee').focus();
  assert.equal(await hints.count(), 1);

  await page.goto(`${url}/admin/pages?q=published-by-a-key`);
  await page.goto(`${await page.locator('tbody th a').first().evaluate(link => link.href)}/delete`);
  const gap = await page.locator('main button.danger').evaluate(button => {
    const name = button.querySelector('bdi');
    const before = document.createRange();
    before.selectNodeContents(name.previousSibling);
    return name.getBoundingClientRect().left - [...before.getClientRects()].at(-1).right;
  });
  assert.ok(Math.abs(gap) < 1, `${gap} px between the quotation mark and the name`);

  await page.goto(`${url}/admin/users`);
  await page.getByRole('link', { name: 'Edith Editor' }).click();
  await page.waitForLoadState();
  await page.getByRole('button', { name: /^Deactivate/ }).click();
  await page.getByRole('dialog').getByText('their sessions and links end at once').waitFor();
  await picture(page, 'deactivate');
  await page.getByRole('button', { name: 'Cancel' }).click();
});
