import { useRead } from '../api/use-read.ts';

/** The base currency, ISO 4217. */
export function useCurrency(): string {
  return useRead('definitions', {}).data?.baseCurrency ?? 'USD';
}
