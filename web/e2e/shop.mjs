// A small firm made over the public API: one point, its administrator, devices as a test wants.
import assert from 'node:assert/strict';

export const password = 'correct horse battery';

export class Boss {
  constructor(url) {
    this.url = url;
    this.cookie = '';
    this.csrf = '';
  }
  async ask(method, path, body, headers = {}) {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        Cookie: this.cookie,
        'X-CSRF-Token': this.csrf,
        'Accept-Language': 'ru',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const read = text ? JSON.parse(text) : {};
    const cookie = answer.headers.get('set-cookie');
    if (cookie) this.cookie = cookie.split(';')[0];
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return read;
  }
  get(path) {
    return this.ask('GET', path);
  }
  post(path, body) {
    return this.ask('POST', path, body);
  }
  /** A file as it is. */
  async send(path, text) {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method: 'POST',
      headers: {
        Cookie: this.cookie,
        'X-CSRF-Token': this.csrf,
        'Content-Type': 'application/octet-stream',
      },
      body: text,
    });
    assert.ok(answer.ok, `POST ${path}: ${answer.status}`);
    return answer.json();
  }
  async enter(login, own_password) {
    this.csrf = (await this.post('/session', { login, password: own_password })).csrf;
  }
  /** An administrator of one test alone, whose language and list nobody else changes. */
  async administrator(login, language) {
    const person = await this.post('/people', { name: `Смотрящий ${login}` });
    await this.post('/accounts', {
      person_id: person.id,
      login,
      role: 'administrator',
      language,
      units: [],
      password,
      must_change_password: false,
    });
  }
  async first_run(code, zone) {
    const session = await this.post('/first-run', {
      setup_code: code,
      company_name: 'Мотор',
      site_name: 'На Ленина',
      zone,
      point_name: 'Касса',
      person_name: 'Анна Кузнецова',
      login: 'anna',
      password,
      basis: {
        ground: 'contract',
        notice: 'notice',
        signage: 'door',
        consent: 'paper',
        retention_days: 30,
      },
    });
    this.csrf = session.csrf;
  }
}

export async function open_shop(server, zone = 'Asia/Yekaterinburg') {
  const boss = new Boss(server.url);
  await boss.first_run(server.code, zone);
  const point = (await boss.get('/points')).items[0];
  return {
    boss,
    point,
    /** A device with a fresh code for its panel. */
    async panel(name, buttons) {
      const more = buttons ? { buttons } : {};
      const { id } = await boss.post('/devices', { name, point_id: point.id, ...more });
      return { id, name, code: (await boss.post(`/devices/${id}/pairing`)).code };
    },
    /** All that came from a device, oldest first, withdrawn ones too. */
    async signals(name) {
      const items = [];
      let after = '';
      do {
        const page = await boss.get(`/signals?limit=200&undone=1&after=${after}`);
        items.push(...page.items.filter((one) => one.device_name === name));
        after = page.next ?? '';
      } while (after);
      return items.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    },
  };
}
