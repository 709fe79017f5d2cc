import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { profileOf } from './profile-of.ts'

const ISSUER = 'https://id.example'
const settings = (groupsClaim = 'groups', attributes: Record<string, string> = {}) => ({
  groupsClaim,
  attributeClaims: new Map(Object.entries(attributes)),
})

describe('a person out of claims', () => {
  it('is named by issuer and subject together [identity.roles]', () => {
    const ids = [ISSUER, 'https://other.example'].map((issuer) => profileOf(issuer, { sub: '1' }, settings()).id)
    expect(ids).toEqual(['https://id.example|1', 'https://other.example|1'])
    const claims = { sub: '1', email: 'ana@acme.example' }
    expect(profileOf(ISSUER, claims, settings()).name).toBe('ana@acme.example')
    expect(profileOf(ISSUER, { ...claims, preferred_username: 'ana' }, settings()).name).toBe('ana')
    expect(profileOf(ISSUER, { ...claims, name: ' Ana ' }, settings()).name).toBe('Ana')
  })

  it('has its groups where Okta, Keycloak and Auth0 put them [identity.roles]', () => {
    const groupsOf = (claim: string, claims: object) =>
      profileOf(ISSUER, { sub: '1', ...claims }, settings(claim)).groups
    expect(groupsOf('groups', { groups: ['a', 'b', 'a'] })).toEqual(['a', 'b'])
    expect(groupsOf('realm_access.roles', { realm_access: { roles: ['a'] } })).toEqual(['a'])
    expect(groupsOf('https://acme.example/groups', { 'https://acme.example/groups': ['a'] })).toEqual(['a'])
    expect(groupsOf('role', { role: 'a' })).toEqual(['a'])
    expect(groupsOf('groups', {})).toEqual([])
    expect(groupsOf('groups', { groups: [1, null, '', { a: 1 }, 'x'.repeat(301)] })).toEqual([])
  })

  it('finds no claim in what every object inherits', () => {
    for (const claim of ['constructor', 'constructor.name', '__proto__', 'toString']) {
      expect(profileOf(ISSUER, { sub: '1' }, settings(claim, { a: claim }))).toMatchObject({
        groups: [],
        attributes: {},
      })
    }
  })

  it('has the attributes that are asked for, whole or not at all', () => {
    const claims = {
      sub: '1',
      region: 'EU',
      level: 3,
      staff: true,
      regions: ['EU', 'US'],
      odd: ['EU', null],
      deep: { a: 1 },
    }
    const names = ['region', 'level', 'staff', 'regions', 'odd', 'deep', 'missing']
    const asked = settings('groups', Object.fromEntries(names.map((name) => [name, name])))
    expect(profileOf(ISSUER, claims, asked).attributes).toEqual({
      region: 'EU',
      level: 3,
      staff: true,
      regions: ['EU', 'US'],
    })
  })

  it('has its e-mail as an attribute only when the provider has verified it', () => {
    const attributesOf = (claims: object) => profileOf(ISSUER, { sub: '1', ...claims }, settings()).attributes
    expect(attributesOf({ email: 'a@b.example', email_verified: true })).toEqual({ email: 'a@b.example' })
    for (const email_verified of [false, undefined, 'true', 1]) {
      expect(attributesOf({ email: 'a@b.example', email_verified })).toEqual({})
    }
  })

  it('can be made of any claims', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (claims, claim) => {
        const profile = profileOf(ISSUER, { ...claims, sub: 's' }, settings(claim, { a: claim }))
        expect(profile.id).toBe(`${ISSUER}|s`)
        expect(profile.groups.every((group) => typeof group === 'string')).toBe(true)
      }),
    )
  })
})
