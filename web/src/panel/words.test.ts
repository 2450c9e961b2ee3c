import { expect, it } from 'vitest';
import { format } from './words';

it('fills names and plural branches', () => {
  expect(format('с {time}: {n}', { time: '11:52', n: 3 }, 'ru')).toBe('с 11:52: 3');
  const text = 'записано · {n, plural, one {# ждёт} few {# ждут} other {# ждут}} сети';
  expect(format(text, { n: 1 }, 'ru')).toBe('записано · 1 ждёт сети');
  expect(format(text, { n: 3 }, 'ru')).toBe('записано · 3 ждут сети');
  expect(format(text, { n: 25 }, 'ru')).toBe('записано · 25 ждут сети');
  expect(format('{n, plural, one {# press} other {# presses}}', { n: 1 }, 'en')).toBe('1 press');
});
