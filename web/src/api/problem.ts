// An error answer of the server (RFC 9457): what happened, why, and which field is meant.

export interface Problem {
  status: number;
  code: string;
  title: string;
  detail?: string;
  field?: string;
  params?: Record<string, string | number>;
}

export class ProblemError extends Error implements Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly field?: string;
  readonly params: Record<string, string | number>;

  constructor(problem: Problem) {
    super(problem.detail ? `${problem.title}: ${problem.detail}` : problem.title);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.field = problem.field;
    this.params = problem.params ?? {};
  }

  /** No answer came at all: the network, not the request, is at fault. */
  get offline(): boolean {
    return this.status === 0;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function params_of(value: unknown): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  if (typeof value !== 'object' || value === null) return kept;
  for (const [name, item] of Object.entries(value)) {
    if (typeof item === 'string' || typeof item === 'number') kept[name] = item;
  }
  return kept;
}

/** Reads a problem out of any body; a proxy's HTML page gives the bare status. */
export function problem_from(status: number, body: unknown): ProblemError {
  const object = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return new ProblemError({
    status,
    code: text(object.code) ?? `http_${status}`,
    title: text(object.title) ?? `HTTP ${status}`,
    detail: text(object.detail),
    field: text(object.field),
    params: params_of(object.params),
  });
}

export function is_problem(error: unknown): error is ProblemError {
  return error instanceof ProblemError;
}
