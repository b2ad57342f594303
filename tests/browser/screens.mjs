// Every screen under axe, in light and dark, at 320 and 1280 px; then signing out.
import assert from 'node:assert/strict';
import { ada, email, password } from './administrator.mjs';
import { inspect, openBrowser, test, url } from './browser.mjs';

const open = ['/', '/standards', '/standards/part-1', '/standards/part-1/clause-8', '/standards/part-1/clause-8/8-2/8-2-4',
  '/standards/editions-compared', '/scheme', '/scheme/levels', '/scheme/levels/auditing', '/scheme/organisations',
  '/training/foundation-course', '/training/practice-questions', '/resources/glossary', '/faq', '/faq?q=nothing-like-it',
  '/contact', '/about', '/privacy', '/nowhere', '/standards/part-33', '/admin/sign-in', '/search', '/search?q=audit', '/search?q=zzqqzz', '/admin/setup/used-up'];

test('axe finds nothing on the public screens', async () => {
  const visitor = await openBrowser();
  const found = [];
  for (const path of open) found.push(...await inspect(visitor.page, path));
  assert.deepEqual(found, []);
  await visitor.leave();
});

const screens = ['/admin', '/admin/pages', '/admin/pages?q=zzzz', '/admin/pages/new', '/admin/faq', '/admin/faq/new',
  '/admin/faq/categories', '/admin/faq/categories/new', '/admin/messages', '/admin/messages?folder=spam', '/admin/messages/export', '/admin/messages/retention', '/admin/messages/templates', '/admin/messages/templates/new', '/admin/reviews', '/admin/trash',
  '/admin/users', '/admin/users/new', '/admin/audit-log', '/admin/audit-log/check', '/admin/search?q=audit', '/admin/settings', '/admin/menu', '/admin/menu/new', '/admin/types', '/admin/types/new', '/admin/types/part', '/admin/account',
  '/admin/unpublished', '/admin/dead-links', '/admin/backup', '/admin/calendar', '/admin/comments', '/admin/media', '/admin/media?q=zzzz', '/admin/media/new'];

test('axe finds nothing on the screens of the admin area', async () => {
  const found = [];
  for (const path of screens) found.push(...await inspect(ada.page, path));
  assert.deepEqual(found, []);
});

test('axe finds nothing on the screens that the lists lead to', async () => {
  const { page } = ada;
  const screens = new Set(['/admin/pages/4/delete', '/admin/pages/4/unpublish']);
  // One of each kind. A preview is a public page in a sandbox where axe cannot run.
  for (const list of ['/admin/pages', '/admin/faq', '/admin/messages', '/admin/users']) {
    await page.goto(url + list);
    for (const link of await page.locator('main tbody a, main ol a, main ul a').evaluateAll(links => links.map(a => a.getAttribute('href')))) {
      if (/^\/admin\/(pages|faq|messages|users)\/\d+$/.test(link)) { screens.add(link); break; }
    }
  }
  for (const screen of [...screens]) {
    if (/^\/admin\/messages\/\d+$/.test(screen)) screens.add(`${screen}/delete`);
    const edit = screen.match(/^\/admin\/pages\/(\d+)$/);
    if (edit) {
      screens.add(`${screen}/move`);
      screens.add(`/admin/documents/${edit[1]}/revisions`);
      screens.add(`/admin/documents/${edit[1]}/revisions/1`);
      screens.add(`/admin/documents/${edit[1]}/review`);
      screens.add(`/admin/documents/${edit[1]}/comments`);
      screens.add(`/admin/documents/${edit[1]}/owner`);
    }
  }
  const found = [];
  for (const path of screens) found.push(...await inspect(page, path));
  assert.deepEqual(found, []);
});

test('axe finds nothing on forms with faults', async () => {
  const { page } = ada;
  const found = [];
  for (const [path, send] of [
    ['/admin/pages/new', () => page.locator('.title-bar button').first().click()],
    ['/admin/faq/new', () => page.locator('.title-bar button').first().click()],
    ['/contact', () => page.locator('main form button').last().click()],
  ]) {
    await page.goto(url + path);
    await send();
    await page.locator('.error-summary').waitFor();
    found.push(...await inspect(page));
  }
  assert.deepEqual(found, []);
});

test('everything in the admin area works without a script', async () => {
  const plain = await openBrowser({ javaScriptEnabled: false });
  const { page } = plain;
  await page.goto(`${url}/admin/sign-in`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.locator('main form button').last().click();
  await page.goto(`${url}/admin/pages/new`);
  await page.locator('#field-title').fill('Made without a script');
  await page.locator('#field-body').fill('It works.');
  for (let clicks = 0; clicks < 2; clicks++) await page.locator('.title-bar').getByRole('button', { name: /^Publish/ }).click();
  await page.locator('.flash', { hasText: 'is published' }).waitFor();
  await page.goto(`${url}/made-without-a-script`);
  await page.getByText('It works.').waitFor();
  await page.goto(`${url}/admin/pages`);
  await page.getByRole('button', { name: /^Move .*Made without a script.* up$/ }).click();
  await page.getByRole('status').first().waitFor();
  await page.goto(`${url}/admin/media/new`);
  await page.locator('#field-files').setInputFiles({ name: 'Terms.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') });
  await page.getByRole('button', { name: 'Add files' }).click();
  await page.locator('.flash').filter({ hasText: 'was added' }).waitFor();
  await plain.leave();
});

test('she signs out', async () => {
  const { page } = ada;
  await page.goto(`${url}/admin`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out').waitFor();
  await page.goto(`${url}/admin/pages`);
  await page.waitForURL('**/admin/sign-in?next=*');
  await ada.leave();
});
