import test from 'ava';
import fc from 'fast-check';
import { limits } from '../../src/mail/limits.js';
import { htmlOfText, ownWords, textOfHtml } from '../../src/mail/plain-text.js';

const units = [
  '<div>',
  '<span></div>',
  '<ul><li>',
  '<table><tr><td>',
  '<pre>',
  '<a',
  '<!--',
  '<',
  '&',
  '<p>x',
  '<br>',
  '<blockquote>',
];

for (const unit of units) {
  test(`bounds the text of a page that is nothing but ${unit}`, (t) => {
    t.true(textOfHtml(unit.repeat(limits.htmlCharacters / unit.length)).length <= limits.htmlCharacters);
  });
}

test('gives the words alone of a page that nests too deep', (t) => {
  t.is(textOfHtml(`${'<div>'.repeat(5000)}Tom &amp; Ann<b>!</b>`), 'Tom & Ann !');
});

test('lays out paragraphs, lists, links and quotes', (t) => {
  const page =
    '<style>p{}</style><h1>Hi</h1><p>See <a href="https://example.com/">this</a><br>now</p><img src="x"><ul><li>one</li></ul>';
  t.is(textOfHtml(page), 'Hi\n\nSee this [https://example.com/]\nnow\n\n * one');
  t.is(textOfHtml('<p>a&nbsp;b</p><blockquote>c</blockquote>'), 'a b\n\n> c');
  t.is(textOfHtml(''), '');
});

test('lets nothing of a text become a tag', (t) => {
  const page = htmlOfText('<script>alert("1")</script>\r\n  a & b');
  t.regex(page, /&lt;script&gt;alert\(&quot;1&quot;\)&lt;\/script&gt;<br>\r\n&nbsp; a &amp; b/);
  t.notRegex(
    htmlOfText('javascript:alert(1) "onclick=" http://x.example/"onclick="a'),
    /<a href="javascript|<a [^>]*onclick/,
  );
});

test('links what is an address of the web', (t) => {
  t.regex(
    htmlOfText('(see https://example.com/?a=1&b=2).'),
    /\(see <a href="https:\/\/example\.com\/\?a=1&amp;b=2">[^<]*<\/a>\)\./,
  );
});

test('gives a text back from the page it made of it', (t) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 100 }), (text) => {
      const plain = text.replace(/\s+/g, ' ').trim();
      t.is(textOfHtml(htmlOfText(plain)), plain);
    }),
  );
});

const answers: readonly [string, string, string][] = [
  ['marked lines at the end', 'Yes\n\n> No?\n> Really?\n', 'Yes'],
  ['On … wrote:', 'Yes\n\nOn Fri, 2 Jan 2026 at 10:00, Ann <ann@example.com> wrote:\n\n> No?\n', 'Yes'],
  [
    'On … wrote: over two lines',
    'Yes\n\nOn Fri, 2 Jan 2026 at 10:00, Ann Example\n<ann@example.com> wrote:\n> No?',
    'Yes',
  ],
  ['On … wrote: before unmarked history', 'Yes\n\nOn 2 Jan 2026, Ann wrote:\nNo?\nReally?', 'Yes'],
  ['history above the answer', 'On 2 Jan 2026, Ann wrote:\n> No?\n\nYes\n-- \nBob', 'Yes'],
  ['history between answers', 'On 2 Jan 2026, Ann wrote:\n> Tea?\nYes\n> Milk?\nNo', 'Yes\nNo'],
  ['Am … schrieb', 'Ja\n\nAm 02.01.2026 um 10:00 schrieb Ann <ann@example.com>:\n> Nein?', 'Ja'],
  ['… schrieb am', 'Ja\n\nAnn <ann@example.com> schrieb am Fr., 2. Jan. 2026, 10:00:\n\n> Nein?', 'Ja'],
  ['Le … a écrit', 'Oui\n\nLe ven. 2 janv. 2026 à 10:00, Ann <ann@example.com> a écrit\u00a0:\n> Non?', 'Oui'],
  ['El … escribió', 'Sí\n\nEl vie, 2 ene 2026 a las 10:00, Ann (<ann@example.com>) escribió:\n> ¿No?', 'Sí'],
  ['Dne … napsal(a)', 'Ano\n\nDne 2. 1. 2026 v 10:00 Ann napsal(a):\n> Ne?', 'Ano'],
  ['odesílatel … napsal', 'Ano\n\npá 2. 1. 2026 v 10:00 odesílatel Ann <ann@example.com> napsal:\n> Ne?', 'Ano'],
  ['-----Original Message-----', 'Yes\n\n-----Original Message-----\nFrom: Ann\nNo?', 'Yes'],
  ['-----Ursprüngliche Nachricht-----', 'Ja\n-----Ursprüngliche Nachricht-----\nVon: Ann', 'Ja'],
  ['From: and Sent:', 'Yes\n\nFrom: Ann <ann@example.com>\nSent: Friday\nTo: Bob\nSubject: Tea\n\nNo?', 'Yes'],
  [
    'Von: and Gesendet: under a rule',
    'Ja\n________________________________\nVon: Ann\nGesendet: Freitag\n\nNein?',
    'Ja',
  ],
  ['De : and Envoyé :', 'Oui\n\nDe : Ann\nEnvoyé : vendredi\nÀ : Bob', 'Oui'],
  ['De: and Enviado el:', 'Sí\n\nDe: Ann\nEnviado el: viernes', 'Sí'],
  ['Od: and Odesláno:', 'Ano\n\nOd: Ann\nOdesláno: pátek', 'Ano'],
  ['a signature', 'Yes\n-- \nBob\nExample Ltd', 'Yes'],
  ['what the mail was sent from', 'Yes\n\nSent from my phone\n\nOn 2 Jan 2026, Ann wrote:\n> No?', 'Yes'],
];

for (const [what, answer, own] of answers) {
  test(`cuts ${what}`, (t) => {
    t.is(ownWords(answer), own);
    t.is(ownWords(answer.replaceAll('\n', '\r\n')), own.replaceAll('\n', '\n'));
  });
}

for (const whole of [
  '> only a quote',
  'On 2 Jan 2026, Ann wrote:\n> No?',
  '-- \nBob',
  'On reflection I see what you wrote:\nfine',
  'From: the heart\nwith love',
  'He said\n> quoted\nand I said no',
  'a -- b\n--- c',
  '',
]) {
  test(`leaves ${JSON.stringify(whole)} whole`, (t) => {
    t.is(ownWords(whole), whole);
  });
}

test('cuts the history and keeps the signature, or the other way round, where it is asked to', (t) => {
  const answer = 'Yes\n-- \nBob\n\nOn 2 Jan 2026, Ann wrote:\n> No?';
  t.is(ownWords(answer, { history: true, signature: false }), 'Yes\n-- \nBob');
  t.is(ownWords(answer, { history: false, signature: true }), 'Yes\nOn 2 Jan 2026, Ann wrote:\n> No?');
  t.is(ownWords(answer, { history: false, signature: false }), answer);
  const between = 'On 2 Jan 2026, Ann wrote:\n> No?\nYes\n-- \nBob';
  t.is(ownWords(between, { history: true, signature: false }), 'Yes\n-- \nBob');
  t.is(ownWords('Yes\n\nSent from my phone', { history: true, signature: false }), 'Yes\n\nSent from my phone');
});
