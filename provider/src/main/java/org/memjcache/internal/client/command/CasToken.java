// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

/**
 * Tells one state of an item from all others.
 *
 * <p>Memcached counts its changes, and begins again at 1 when it is restarted: its number alone
 * would take an item that was stored after the restart for the one that was read before. So a token
 * is only good for connections of one life of a server: those of which one was open when the other
 * was opened, and which lead to the same memcached. On any other one nothing matches it. A
 * memcached that doesn't count (option {@code -C}) gives 0 to every item, and so would take any
 * change for none: {@link GetRequest} refuses that.
 *
 * @param unique memcached's number of the state, as unsigned 64-bit number
 * @param life the number of the life of the server, as far as this process knows
 */
public record CasToken(long unique, int life) {

  /** Where no token was asked for. */
  public static final CasToken NONE = new CasToken(0, 0);

  /**
   * No item has this number: memcached would have to be changed once a nanosecond for 584 years.
   */
  private static final long NEVER = -1;

  /** Returns whether this tells one state of the item from others. */
  boolean isDistinct() {
    return unique != 0;
  }

  /** Returns the number to send over a connection that belongs to a life of the server. */
  long over(int lifeOfConnection) {
    return lifeOfConnection == life ? unique : NEVER;
  }
}
