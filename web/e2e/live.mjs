// A live recorder for journeys: pairs like an agent and posts pieces of a second of digital
// silence, as src/media/chunk.h lays them out. They may be as old as a journey likes.
import { createHash } from 'node:crypto';

const silence = Buffer.from([0xf8, 0xff, 0xfe]); // Opus, 20 ms, mono
const packets = 50;

function chunk(sequence, ended_at_us) {
  const packet = Buffer.concat([Buffer.from([silence.length, 0]), silence]);
  const bytes = Buffer.concat([...Array(packets).fill(packet), Buffer.alloc(packets * 2, 1)]);
  const head = Buffer.alloc(40);
  head.writeUInt32LE(sequence, 0);
  head.writeUInt32LE(1, 4);
  head.writeUInt16LE(packets, 10);
  head.writeBigInt64LE(BigInt(sequence * 48_000), 12);
  head.writeBigInt64LE(48_000n, 20);
  head.writeBigInt64LE(BigInt(ended_at_us), 28);
  head.writeUInt32LE(bytes.length, 36);
  return Buffer.concat([head, createHash('sha256').update(bytes).digest(), bytes]);
}

export async function live_recorder(shop, recorder) {
  const { code } = await shop.boss.post(`/recorders/${recorder}/agent`);
  const asked = await fetch(`${shop.boss.url}/api/v1/agent/pair`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code, program: 'journey' }),
  });
  const { token } = await asked.json();
  let incarnation = BigInt(Date.now());
  let sequence = 0;
  /** `seconds` pieces, the last of which ended `age_ms` ago. */
  const post = async (seconds, age_ms = 0) => {
    const now = Date.now();
    const head = Buffer.alloc(52);
    head.write('OKB1', 0, 'latin1');
    head.writeBigUInt64LE(incarnation, 4);
    head.writeUInt8(1, 17);
    head.writeUInt16LE(seconds, 18);
    head.writeBigInt64LE(BigInt(now) * 1000n, 20);
    head.writeUInt32LE(16_000, 32);
    const ended = (i) => (now - age_ms - (seconds - 1 - i) * 1000) * 1000;
    const chunks = Array.from({ length: seconds }, (_, i) => chunk(sequence++, ended(i)));
    const answer = await fetch(`${shop.boss.url}/api/v1/agent/chunks`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: Buffer.concat([head, ...chunks]),
    });
    if (!answer.ok) throw new Error(`chunks: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  /** A new run, as after a restart. */
  const restart = () => {
    incarnation += 1n;
    sequence = 0;
  };
  return { post, restart };
}
