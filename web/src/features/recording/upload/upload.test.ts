import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../api/problem';
import { chosen_files, is_sound_name } from '../../../lib/dropped';
import { left_of, stated_start, type Item } from './queue';
import { is_passing, metadata_of } from '../../../api/send_file';

const problem = (status: number, code: string) => new ProblemError({ status, code, title: code });

describe('what is told of a file', () => {
  it('is base64 of UTF-8, key by key', () => {
    expect(metadata_of({ filename: 'касса.wav', sure: '1' })).toBe(
      'filename 0LrQsNGB0YHQsC53YXY=,sure MQ==',
    );
  });
  it('has a start only when a person stated one, by the clocks of the place', () => {
    const item = { stated: true, day: '2026-11-20', time: '08:30:00', zone: 'Asia/Yekaterinburg' };
    expect(stated_start(item)).toBe('2026-11-20T03:30:00.000Z');
    expect(stated_start({ ...item, stated: false })).toBeUndefined();
    expect(stated_start({ ...item, time: '' })).toBeUndefined();
  });
});

describe('a refusal', () => {
  it('is waited out when it passes by itself', () => {
    for (const one of [
      problem(0, 'no_connection'),
      problem(401, 'session.none'),
      problem(403, 'csrf.missing'),
      problem(409, 'upload.offset'),
      problem(409, 'upload.taken'),
      problem(503, 'server.busy'),
    ])
      expect(is_passing(one), one.code).toBe(true);
  });
  it('is told when only a person can mend it', () => {
    for (const one of [
      problem(403, 'right.missing'),
      problem(409, 'recorder.not_placed'),
      problem(410, 'upload.gone'),
      problem(413, 'upload.too_large'),
      problem(429, 'upload.too_many'),
      problem(507, 'disk.full'),
    ])
      expect(is_passing(one), one.code).toBe(false);
    expect(is_passing(new Error('a fault of ours'))).toBe(false);
  });
});

describe('a folder of a day', () => {
  it('gives what is called like sound, in the order of its numbers', () => {
    const names = ['REC_10.wav', 'REC_2.wav', 'notes.txt', '.DS_Store', 'a.M4A', '._a.wav'];
    const { files, others } = chosen_files(names.map((name) => new File(['x'], name)));
    expect(files.map((file) => file.name)).toEqual(['a.M4A', 'REC_2.wav', 'REC_10.wav']);
    expect(others).toBe(3);
    expect(is_sound_name('voice.amr')).toBe(true);
    expect(is_sound_name('photo.jpg')).toBe(false);
  });
});

describe('what is left', () => {
  it('counts files and bytes of those under way', () => {
    const item = (stage: Item['stage'], size: number, sent: number) =>
      ({ stage, sent, file: { size } }) as Item;
    const list = [
      item('settled', 10, 10),
      item('sending', 100, 30),
      item('queued', 50, 0),
      item('ready', 7, 0),
    ];
    expect(left_of(list)).toEqual({ files: 2, of: 3, bytes: 120 });
  });
});
