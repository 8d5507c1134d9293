export function transpiled(file: string): Promise<string>;
