// Made sound for uploads.

/** Mono PCM of 16 bits; `sample(i)` gives -32768..32767. */
export function wav_of(samples, rate, sample) {
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i += 1) bytes.writeInt16LE(sample(i), 44 + i * 2);
  return bytes;
}

/** Seconds of a tone, 8 kHz; each run has its own pitch, so its own content. */
export function wav(seconds) {
  const rate = 8000;
  const pitch = 200 + (Date.now() % 500);
  return wav_of(seconds * rate, rate, (i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * pitch * i) / rate)),
  );
}
