// Validates what machines read of every public page, with the validators of others: JSON-LD, Atom, OpenSearch, llms.txt, the
// sources in Markdown. Needs Node alone; `tests/it/machines_valid.rs` starts the program.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import Validator from '@adobe/structured-data-validator';
import { validateXML } from 'xmllint-wasm';

const origin = process.env.PLINTH_URL;

async function read(path, kind) {
  const reply = await fetch(new URL(path, origin), { redirect: 'manual' });
  assert.equal(reply.status, 200, path);
  assert.ok(reply.headers.get('content-type').startsWith(kind), `${path}: ${reply.headers.get('content-type')}`);
  return reply.text();
}

const pages = [...(await read('/sitemap.xml', 'application/xml')).matchAll(/<loc>([^<]+)<\/loc>/g)]
  .map(([, address]) => new URL(address).pathname);

// Of schema.org, with what each type inherits.
const thing = ['@type', '@id', 'url', 'name', 'description', 'image'];
const work = [...thing, 'headline', 'inLanguage', 'isPartOf', 'publisher', 'author', 'datePublished', 'dateModified', 'mainEntity', 'mainEntityOfPage'];
const page = [...work, 'breadcrumb'];
const properties = {
  Article: work,
  WebPage: page,
  CollectionPage: page,
  ContactPage: page,
  FAQPage: page,
  Quiz: [...work, 'about', 'hasPart'],
  Thing: thing,
  WebSite: [...work, 'potentialAction'],
  Organization: [...thing, 'logo', 'email'],
  BreadcrumbList: [...thing, 'itemListElement'],
  ListItem: [...thing, 'position', 'item'],
  SearchAction: ['@type', 'target', 'query-input'],
  EntryPoint: ['@type', 'urlTemplate'],
  Question: [...work, 'acceptedAnswer'],
  Answer: [...work, 'text'],
  DefinedTermSet: [...work, 'hasDefinedTerm'],
  DefinedTerm: [...thing, 'inDefinedTermSet'],
};
const required = {
  Article: ['headline', 'author', 'datePublished', 'dateModified', 'publisher'],
  FAQPage: ['mainEntity'],
  Quiz: ['name', 'about'],
  Question: ['name', 'acceptedAnswer'],
  Answer: ['text'],
  DefinedTerm: ['name', 'description'],
  BreadcrumbList: ['itemListElement'],
};

function check(node, path) {
  if (Array.isArray(node)) return node.forEach((one) => check(one, path));
  if (node === null || typeof node !== 'object') return undefined;
  const kind = node['@type'];
  if (kind === undefined) return assert.deepEqual(Object.keys(node), ['@id'], `${path}: ${JSON.stringify(node)}`);
  assert.ok(properties[kind], `${path}: ${kind}`);
  for (const [key, value] of Object.entries(node)) {
    assert.ok(properties[kind].includes(key), `${path}: ${kind} has no ${key}`);
    assert.notEqual(value, '', `${path}: ${kind} has an empty ${key}`);
    check(value, path);
  }
  (required[kind] ?? []).forEach((key) => assert.ok(key in node, `${path}: ${kind} without ${key}`));
  return undefined;
}

test('the data block of every page is valid', async () => {
  assert.ok(pages.length > 100);
  const validator = new Validator();
  for (const path of pages) {
    const html = await read(path, 'text/html');
    const blocks = [...html.matchAll(/<script type="application\/ld\+json">([^<]*)<\/script>/g)];
    assert.equal(blocks.length, 1, path);
    const { '@context': context, '@graph': graph } = JSON.parse(blocks[0][1]);
    assert.equal(context, 'https://schema.org');
    check(graph, path);
    const ids = graph.map((node) => node['@id']);
    assert.equal(new Set(ids).size, ids.length, path);
    const jsonld = {};
    for (const node of graph) (jsonld[node['@type']] ??= []).push(node);
    const errors = (await validator.validate({ jsonld, microdata: {}, rdfa: {} })).filter((issue) => issue.severity === 'ERROR');
    assert.deepEqual(errors, [], path);
  }
});

async function valid(xml, schema, path) {
  const result = await validateXML({ xml: [{ fileName: 'file.xml', contents: xml }], schema: [readFileSync(new URL(schema, import.meta.url), 'utf8')], extension: 'relaxng' });
  assert.ok(result.valid, `${path}: ${result.errors.map((error) => error.message).join('; ')}`);
}

test('feeds and the description of the search are valid', async () => {
  const feeds = new Set(['/feed.xml']);
  for (const path of pages) {
    const html = await read(path, 'text/html');
    for (const [, feed] of html.matchAll(/type="application\/atom\+xml" title="[^"]*" href="([^"]+)"/g)) feeds.add(feed);
  }
  assert.ok(feeds.size > 3, [...feeds].join());
  for (const path of feeds) {
    const xml = await read(path, 'application/atom+xml');
    await valid(xml, 'atom.rng', path);
    const ids = [...xml.matchAll(/<id>([^<]+)<\/id>/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, `${path}: each id once`);
  }
  await valid(await read('/opensearch.xml', 'application/opensearchdescription+xml'), 'opensearch.rng', '/opensearch.xml');
  // The schemas refuse what is wrong.
  await assert.rejects(valid('<feed xmlns="http://www.w3.org/2005/Atom"><title>a</title></feed>', 'atom.rng', 'x'));
});

test('every link of llms.txt leads to a source in Markdown', async () => {
  const text = await read('/llms.txt', 'text/plain');
  assert.match(text, /^# .+\n\n> .+\n\n/);
  const links = text.split('\n').filter((line) => /^ *- /.test(line));
  assert.ok(links.length > 100, `${links.length}`);
  for (const line of links) {
    const [, address] = line.match(/^ *- \[(?:[^[\]\\]|\\.)+\]\(([^()]+\.md)\)(?:: .+)?$/) ?? assert.fail(line);
    const source = await read(new URL(address).pathname, 'text/markdown');
    assert.match(source, /^---\ntitle: "[^\n]+"\n(?:[a-z]+: [^\n]+\n)+---\n\n# [^\n]+\n/);
    assert.equal(source.match(/^# /gm).length >= 1, true);
  }
  for (const path of pages) await read(path === '/' ? '/index.md' : `${path}.md`, 'text/markdown');
});
