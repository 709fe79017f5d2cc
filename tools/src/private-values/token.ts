import { randomInt } from 'node:crypto'

export const OPEN = '⟦'

/** What a token looks like: `⟦name_1_k3v9qa⟧`. */
export const TOKEN = /⟦[a-z_]{1,24}_\d{1,6}_[a-z0-9]{6}⟧/g

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The end of every token of one question: data that was written before can not hold it. */
export const newMark = () => Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('')

export const tokenOf = (kind: string, number: number, mark: string) => `⟦${kind}_${number}_${mark}⟧`
