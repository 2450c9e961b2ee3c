export function is_later(key: string): boolean;
