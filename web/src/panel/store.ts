// What the panel must not lose: its queue and a few words of its own, in IndexedDB. Where that is
// refused or full, in memory, and the page says so. Every write is on the disk before it resolves.
import type { Stamp } from './clock';

export type Deed = 'press' | 'undo' | 'score' | 'pause' | 'resume' | 'shift_end' | 'mark';
export interface Item {
  n?: number; // order of the queue
  deed: Deed;
  id: string; // of the press or the pause; given once, so that sending again doubles nothing
  key?: string;
  heard?: boolean;
  score?: number;
  reason?: string;
  code?: number; // of a mark, with what its sound is not known to
  about?: number;
  latency?: number;
  stamp: Stamp;
  /** Wall time until which its gesture may still change. */
  hold_until?: number;
}

const name = 'otklik-panel';
const version = 1;

const done = <T>(asked: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error('indexeddb'));
  });
const finished = (tx: IDBTransaction) =>
  new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new Error('indexeddb'));
  });

function open(): Promise<IDBDatabase> {
  const asked = indexedDB.open(name, version);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore('queue', { keyPath: 'n', autoIncrement: true });
    asked.result.createObjectStore('kept');
  };
  return done(asked);
}

export class Store {
  private db: IDBDatabase | null = null;
  private memory: Item[] = [];
  private kept = new Map<string, unknown>();
  private next = -1e9; // memory's numbers go before all of the disk's, and rise

  /** False: what is pressed lives only as long as the page. */
  get durable(): boolean {
    return this.db !== null && this.memory.length === 0;
  }

  async start(): Promise<void> {
    try {
      this.db = await open();
      this.db.onclose = () => (this.db = null);
      this.db.onversionchange = () => this.db?.close();
    } catch {
      this.db = null;
    }
  }

  private write(into: 'queue' | 'kept') {
    if (!this.db) throw new Error('memory');
    return this.db.transaction(into, 'readwrite', { durability: 'strict' });
  }

  async add(item: Item): Promise<number> {
    try {
      const tx = this.write('queue');
      const n = done(tx.objectStore('queue').add(item));
      await finished(tx);
      return Number(await n);
    } catch {
      const n = this.next++;
      this.memory.push({ ...item, n });
      return n;
    }
  }

  /** Changes what is still there; nothing when it was sent meanwhile. */
  async amend(n: number, change: Partial<Item>): Promise<void> {
    const mine = this.memory.find((one) => one.n === n);
    if (mine) {
      Object.assign(mine, change);
      return;
    }
    try {
      const tx = this.write('queue');
      const items = tx.objectStore('queue');
      const now = (await done(items.get(n))) as Item | undefined;
      if (now) items.put({ ...now, ...change });
      await finished(tx);
    } catch {
      // The first meaning of the press then stands.
    }
  }

  /** The oldest ones, in order. */
  async first(count: number): Promise<Item[]> {
    let items: Item[] = [];
    if (this.db) {
      const asked = this.db.transaction('queue').objectStore('queue').getAll(null, count);
      items = (await done(asked)) as Item[];
    }
    return [...this.memory, ...items].slice(0, count);
  }

  async count(): Promise<number> {
    const kept = this.db
      ? await done(this.db.transaction('queue').objectStore('queue').count())
      : 0;
    return kept + this.memory.length;
  }

  async remove(numbers: readonly number[]): Promise<void> {
    this.memory = this.memory.filter((one) => !numbers.includes(one.n ?? NaN));
    const mine = numbers.filter((n) => n >= 0);
    if (!this.db || mine.length === 0) return;
    const tx = this.write('queue');
    for (const n of mine) tx.objectStore('queue').delete(n);
    await finished(tx);
  }

  async get<T>(key: string): Promise<T | undefined> {
    if (this.kept.has(key)) return this.kept.get(key) as T;
    if (!this.db) return undefined;
    return (await done(this.db.transaction('kept').objectStore('kept').get(key))) as T | undefined;
  }

  async set(key: string, value: unknown): Promise<void> {
    this.kept.set(key, value);
    try {
      const tx = this.write('kept');
      tx.objectStore('kept').put(value, key);
      await finished(tx);
    } catch {
      // Memory has it.
    }
  }
}
