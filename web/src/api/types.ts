// Shapes of the server's answers under the names the desk calls them by. All of them are those of
// the generated schema; nothing is written down twice.
import type { components } from './generated/schema';

type Schemas = components['schemas'];
export type Maybe<T> = T | null;

/** An answer holds every field, and null for what is absent; only a request may leave one out. */
export type Whole<T> = T extends readonly (infer One)[]
  ? Whole<One>[]
  : T extends object
    ? { [Name in keyof T]-?: Whole<Exclude<T[Name], undefined>> }
    : T;
/** What the server answers under the schema's name. */
export type Given<Name extends keyof Schemas> = Whole<Schemas[Name]>;
/** What is sent to it. */
export type Sent<Name extends keyof Schemas> = Schemas[Name];

export type SignalRow = Given<'SignalRow'>;
export type SignalList = Given<'SignalList'>;
export type SignalCounts = Given<'CountsView'>;
export type SignalState = SignalRow['state'];

export type ClipTrack = Given<'ClipTrack'>;
export type ClipVersion = Given<'VersionView'>;
export type ClipView = Given<'ClipView'>;
export type ClipPiece = Given<'PieceView'>;
export type ClipWord = Given<'ClipWord'>;
export type ClipWords = Given<'ClipWords'>;
export type ClipBookmark = Given<'ClipBookmark'>;
export type Peaks = Given<'PeaksReply'>;
export type ClipLink = Given<'LinkView'>;
export type ClipLinks = Given<'LinkList'>;
export type MadeClipLink = Given<'LinkMade'>;

export type PointRow = Given<'PointView'>;
export type Duty = Given<'DutyView'>;
export type Basis = Given<'BasisView'>;

export type FormAnswer = Given<'FormAnswer'>;
export type FormItem = Given<'FormItem'>;
export type FormBody = Given<'FormBody'>;
export type FormRow = Given<'FormListItem'>;
export type Purpose = FormRow['purpose'];

export type CheckView = Given<'CheckView'>;
export type CheckRow = Given<'CheckListItem'>;
export type CheckList = Given<'CheckList'>;
export type CheckState = CheckView['state'];
export type CheckAnswer = Given<'CheckAnswerFields'>;
export type CheckAnswerHeld = Given<'CheckAnswerHeld'>;
export type CheckReason = NonNullable<CheckView['reason']>;
export type ReasonRow = Given<'ReasonView'>;
export type CheckEvidence = Given<'CheckEvidence'>;
export type CheckScore = Given<'CheckScore'>;
export type DrawView = Given<'DrawView'>;
