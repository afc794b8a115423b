import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { frameAddress } from '../../../src/client/frame-address.js';

describe('The address of the frame', () => {
  it('carries the token, and keeps what the room says already', () => {
    assert.equal(frameAddress({ url: 'https://tavus.daily.co/room' }), 'https://tavus.daily.co/room');
    assert.equal(
      frameAddress({ url: 'https://tavus.daily.co/room?lang=es#top', token: 'a b&c' }),
      'https://tavus.daily.co/room?lang=es&t=a+b%26c#top',
    );
    assert.equal(frameAddress({ url: 'https://x.daily.co/r?t=old', token: 'new' }), 'https://x.daily.co/r?t=new');
  });
});
