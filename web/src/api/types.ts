// Shapes of answers, by the names the server's field lists give them.
export type Maybe<T> = T | null;

export type SignalKind = 'answer' | 'idea' | 'complaint' | 'praise';
export type SignalState = 'new' | 'later' | 'done';
export type ClipState = 'waiting_tail' | 'waiting_upload' | 'partial' | 'final' | 'failed';
export type WordsSource = 'sidecar' | 'script' | 'engine';
export type Purpose = 'standard' | 'signal';
export type CheckState = 'draft' | 'done' | 'withdrawn';

export interface SignalRow {
  id: string;
  clip_id: Maybe<string>;
  at: string;
  uncertainty_ms: number;
  zone: string;
  kind: Maybe<SignalKind>;
  label: string;
  key: string;
  point_id: string;
  point_name: string;
  device_name: string;
  question_text: Maybe<string>;
  person_name: Maybe<string>;
  state: SignalState;
  undone: boolean;
  clip_state: Maybe<ClipState>;
  clip_reason: Maybe<string>;
  length_ms: Maybe<number>;
  missing_ms: Maybe<number>;
  sentence: Maybe<string>;
  has_words: boolean;
  words_source: Maybe<string>;
  score: Maybe<number>;
  received_at: string;
  first_playable_at: Maybe<string>;
  version: number;
  heard: boolean;
  device_clock: Maybe<string>;
  customer_score: Maybe<number>;
  what: Maybe<string>;
}
export interface SignalList {
  items: SignalRow[];
  next: Maybe<string>;
}
export interface SignalCounts {
  new: number;
  waiting: number;
  later: number;
  done: number;
  undone: number;
}

export interface ClipPiece {
  kind: string;
  clip_sample: number;
  sample_count: number;
  begin_at: string;
  gap_cause: Maybe<string>;
  gap_text: Maybe<string>;
  recording_id: Maybe<string>;
  session_sample: Maybe<number>;
  recorder_name: Maybe<string>;
  original_name: Maybe<string>;
  original_sha256: Maybe<string>;
  map_number: Maybe<number>;
  map_uncertainty_ms: Maybe<number>;
}
export interface ClipTrack {
  channel: number;
  role: string;
  bytes: number;
  sha256: string;
  url: string;
}
export interface ClipVersion {
  id: string;
  number: number;
  state: string;
  begin_at: string;
  end_at: string;
  length_samples: number;
  missing_samples: number;
  press_sample: number;
  made_at: string;
  rule_version: number;
  tracks: ClipTrack[];
  pieces: ClipPiece[];
}
export interface ClipView {
  id: string;
  signal: SignalRow;
  state: ClipState;
  reason: string;
  reason_text: string;
  todo_text: string;
  asked_begin_at: string;
  asked_end_at: string;
  give_up_at: string;
  uncertainty_ms: number;
  zone: string;
  created_at: string;
  first_playable_at: Maybe<string>;
  final_at: Maybe<string>;
  time_to_card_ms: Maybe<number>;
  version: Maybe<ClipVersion>;
  versions: {
    id: string;
    number: number;
    state: string;
    made_at: string;
    missing_samples: number;
  }[];
  forms: { id: string; name: string; purpose: Purpose }[];
  checks: {
    id: string;
    state: CheckState;
    form_name: string;
    score: Maybe<number>;
    outcome: Maybe<string>;
    checker_name: string;
    done_at: Maybe<string>;
  }[];
}
export interface ClipWord {
  text: string;
  begin_sample: number;
  end_sample: number;
  speaker: Maybe<string>;
  confidence: Maybe<number>;
  channel: number;
}
export interface ClipWords {
  items: ClipWord[];
  source: Maybe<string>;
  language: Maybe<string>;
  engine: Maybe<string>;
}
export interface Peaks {
  min: number[];
  max: number[];
}
export interface ClipBookmark {
  id: string;
  clip_sample: number;
  channel: number;
  text: string;
  person_name: string;
  created_at: string;
}
export interface PointRow {
  id: string;
  name: string;
  site_name: string;
  zone: string;
  archived_at?: Maybe<string>;
}

export interface FormAnswer {
  key: string;
  label: string;
  value_num: Maybe<number>;
  value_den: Maybe<number>;
  points: Maybe<number>;
}
export interface FormItem {
  key: string;
  text: string;
  hint: Maybe<string>;
  weight: number;
  critical: Maybe<'none' | 'note' | 'section' | 'check'>;
  keep_score: Maybe<boolean>;
  na_allowed: Maybe<boolean>;
  answers: FormAnswer[];
}
export interface FormBody {
  scoring: 'percentage' | 'points' | 'zero_norm';
  na: 'remove' | 'full';
  sections: { key: string; title: string; items: FormItem[] }[];
}
export interface FormRow {
  id: string;
  name: string;
  purpose: Purpose;
  number: number;
  items_count: number;
  archived_at: Maybe<string>;
}
export interface CheckAnswer {
  item: string;
  answer: string;
  comment: Maybe<string>;
}
export interface CheckEvidence {
  id: string;
  item: string;
  recording_id: string;
  channel: number;
  media_sample: number;
  quote: string;
  clip_sample: Maybe<number>;
}
export interface CheckScore {
  num: Maybe<number>;
  den: Maybe<number>;
  kept_percent: Maybe<number>;
  percent: Maybe<number>;
  min_percent: Maybe<number>;
  max_percent: Maybe<number>;
  outcome: Maybe<string>;
  answered: number;
  total: number;
  sections: { key: string; num: Maybe<number>; den: Maybe<number>; zeroed: boolean }[];
  critical: string[];
}
export interface DrawTrack {
  channel: number;
  role: string;
  silent: boolean;
  peaks_url: string;
  audio_url: string;
  words_url: string;
}
export interface DrawView {
  id: string;
  seed: string;
  point_id: string;
  point_name: string;
  recording_id: string;
  channel: number;
  begin_sample: number;
  end_sample: number;
  begin_at: string;
  end_at: string;
  person_name: Maybe<string>;
  frame_minutes: number;
  overlaps_press: boolean;
  zone: string;
  peaks_url: string;
  audio_url: string;
  words_url: string;
  tracks: DrawTrack[];
  created_at: string;
}
export interface CheckView {
  id: string;
  state: CheckState;
  version: number;
  form: { id: string; name: string; purpose: Purpose; number: number; body: FormBody };
  clip_id: Maybe<string>;
  draw: Maybe<DrawView>;
  point_name: string;
  person_name: Maybe<string>;
  zone: string;
  checker_name: string;
  mine: boolean;
  answers: CheckAnswer[];
  evidence: CheckEvidence[];
  score: CheckScore;
  local_day: string;
  started_at: string;
  done_at: Maybe<string>;
  reason_no_finish: { code: string; item: string }[];
}
export interface CheckRow {
  id: string;
  form_name: string;
  purpose: Purpose;
  state: CheckState;
  point_name: string;
  zone: string;
  checker_name: string;
  person_name: Maybe<string>;
  percent: Maybe<number>;
  outcome: Maybe<string>;
  local_day: string;
  started_at: string;
  done_at: Maybe<string>;
  clip_id: Maybe<string>;
  draw_id: Maybe<string>;
}
export interface CheckList {
  items: CheckRow[];
  next: Maybe<string>;
}
