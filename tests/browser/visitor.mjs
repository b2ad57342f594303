// What a visitor does: walks through every section by its menu, asks questions, writes to the portal.
import assert from 'node:assert/strict';
import { inspect, openBrowser, picture, test, url } from './browser.mjs';

// Each section with pages that must be reached from it by links alone.
const sections = [
  ['The Standards', '/standards', ['/standards/part-1', '/standards/part-2', '/standards/part-6', '/standards/part-17',
    '/standards/amendment-2024', '/standards/editions-compared']],
  ['Scheme', '/scheme', ['/scheme/levels', '/scheme/recognition', '/scheme/then-and-now', '/scheme/organisations',
    '/scheme/frameworks']],
  ['Training', '/training', ['/training/foundation-course']],
  ['Resources', '/resources', ['/resources/information-and-tools', '/resources/glossary']],
  ['FAQ', '/faq', []],
  ['Contact', '/contact', []],
  ['About', '/about', []],
];

test('a visitor walks through every section by its menu', async () => {
  const visitor = await openBrowser();
  const { page } = visitor;
  await page.goto(url);
  await picture(page, 'home');
  await page.getByRole('heading', { level: 1 }).waitFor();
  for (const heading of ['What is new', 'Quick facts', 'Ways in']) await page.getByRole('heading', { name: heading }).waitFor();
  for (const [label, path, inside] of sections) {
    await page.goto(url);
    await page.getByRole('banner').getByRole('link', { name: label, exact: true }).click();
    await page.waitForURL(url + path);
    for (const link of inside) {
      assert.ok(await page.locator(`main a[href="${link}"]`).count() > 0, `${path} leads to ${link}`);
    }
  }
  await page.goto(`${url}/standards/part-1`);
  await picture(page, 'clauses');
  for (const clause of ['4.1', '5.2.1', '8.2.4', '8.5.1', '10.2']) {
    assert.ok(await page.locator('main').getByText(clause, { exact: true }).count() > 0, `clause ${clause} is in the tree`);
  }
  await page.goto(`${url}/scheme/levels`);
  await picture(page, 'path');
  for (const level of ['Foundation', 'Professional', 'Management', 'Auditing']) {
    assert.ok(await page.locator('main a', { hasText: level }).count() > 0, `level ${level}`);
  }
  await page.locator('main').getByRole('link', { name: 'Foundation' }).first().click();
  for (const part of ['For whom', 'What it leads to', 'Prerequisites', 'Examination']) {
    await page.getByRole('heading', { name: part, exact: true }).waitFor();
  }
  for (const legal of ['/privacy', '/accessibility', '/imprint']) {
    assert.equal(await page.getByRole('contentinfo').locator(`a[href="${legal}"]`).count(), 1, legal);
  }
  assert.deepEqual(await visitor.context.cookies(), []);
  await visitor.leave();
});

test('the questions open by their address and are filtered with and without a script', async () => {
  const visitor = await openBrowser();
  const { page } = visitor;
  await page.goto(`${url}/faq`);
  assert.equal(await page.locator('main details details, main details[id]').count(), 80);
  const slug = await page.locator('main details[id]').nth(7).getAttribute('id');
  await page.goto(`${url}/faq#${slug}`);
  await page.locator(`details#${slug}[open]`).waitFor();
  await page.locator('main form input[name=q]').fill('AUDİT');
  await page.waitForURL('**/faq?q=AUD%C4%B0T');
  const found = await page.locator('main details[id]').count();
  assert.ok(found > 0 && found < 80, `${found} of 80 are shown`);
  assert.match(await page.locator('#_count').textContent(), new RegExp(`^${found} of 80 questions match`));
  await page.locator('main form input[name=q]').fill('');
  await page.waitForURL('**/faq');
  assert.equal(await page.locator('main details[id]').count(), 80);
  await visitor.leave();

  const plain = await openBrowser({ javaScriptEnabled: false });
  await plain.page.goto(`${url}/faq`);
  await plain.page.locator('main form input[name=q]').fill('audit');
  await plain.page.locator('main form input[name=q]').press('Enter');
  await plain.page.waitForURL('**/faq?q=audit*');
  const shown = await plain.page.locator('main details[id]').count();
  assert.ok(shown > 0 && shown < 80, `${shown} of 80 are shown`);
  await plain.leave();
});

test('a missing page offers what is near', async () => {
  const visitor = await openBrowser();
  const answer = await visitor.page.goto(`${url}/standards/part-33`);
  assert.equal(answer.status(), 404);
  assert.ok(await visitor.page.locator('main a[href^="/standards/part-"]').count() > 0);
  await visitor.leave();
});

test('a table that is wider than a phone scrolls within an edge that shows', async () => {
  const visitor = await openBrowser({ viewport: { width: 320, height: 700 } });
  const { page } = visitor;
  let wide = 0;
  for (const path of ['/standards/editions-compared', '/scheme/frameworks', '/scheme/then-and-now']) {
    await page.goto(url + path);
    const found = await page.locator('.table-frame').evaluateAll(frames => frames.map(frame => {
      const style = getComputedStyle(frame);
      frame.scrollLeft = frame.scrollWidth;
      const last = frame.querySelector('tr > :last-child').getBoundingClientRect();
      return {
        isWide: frame.scrollWidth > frame.clientWidth,
        shades: style.backgroundImage.split('linear-gradient').length - 1,
        moves: style.backgroundAttachment,
        isWhole: last.right <= frame.getBoundingClientRect().right + 1,
      };
    }));
    for (const frame of found) {
      assert.ok(frame.isWhole, `${path}: the last column can be seen`);
      assert.equal(frame.shades, 4, path);
      assert.match(frame.moves, /^local, local, scroll, scroll$/);
    }
    wide += found.filter(frame => frame.isWide).length;
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), path);
  }
  assert.ok(wide > 0, 'a table is wider than the screen');
  await visitor.leave();
});

test('a page is small and complete', async () => {
  const practice = ['', '?area=assurance', '?exam=1'].map(query => `/training/practice-questions${query}`);
  for (const path of ['/', '/standards/part-1', '/standards/part-1/clause-8/8-2/8-2-4', '/scheme/levels', ...practice]) {
    const visitor = await openBrowser();
    const session = await visitor.context.newCDPSession(visitor.page);
    await session.send('Network.enable');
    let bytes = 0;
    let requests = 0;
    session.on('Network.loadingFinished', event => { bytes += event.encodedDataLength; requests += 1; });
    await visitor.page.goto(url + path, { waitUntil: 'networkidle' });
    assert.ok(bytes <= 30_000, `${path}: ${bytes} bytes`);
    assert.ok(requests <= 5, `${path}: ${requests} requests`);
    console.log(`# ${path}: ${bytes} bytes in ${requests} requests`);
    await visitor.leave();
  }
});

test('a visitor writes to the portal with the keyboard alone', async () => {
  const visitor = await openBrowser();
  const { page } = visitor;
  await page.goto(`${url}/contact`);
  await page.getByRole('button', { name: /send/i }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
  await page.locator('#field-topic').selectOption({ index: 1 });
  await page.locator('#field-name').fill('Vera Visitor');
  await page.locator('#field-email').fill('vera@visitor.example');
  await page.locator('#field-body').fill('Which part of the standard is about cloud services, and is it still in force?');
  await page.locator('#field-consent').focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: /send/i }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/contact?sent=*');
  const reference = new URL(page.url()).searchParams.get('sent');
  assert.match(reference, /^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
  await page.getByText(reference).first().waitFor();
  assert.deepEqual(await inspect(page), []);
  assert.deepEqual(await visitor.context.cookies(), []);
  await visitor.leave();
});
