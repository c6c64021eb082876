package org.memjcache.internal.client.command;

/**
 * Tells one state of an item from all others.
 *
 * <p>Memcached counts its changes, and begins again at 1 when it is restarted: its number alone
 * would take an item that was stored after the restart for the one that was read before. So a token
 * is only good for connections that were there when it was asked for; on a later one nothing
 * matches it. A memcached that doesn't count (option {@code -C}) gives 0 to every item, and so
 * would take any change for none: {@link GetRequest} refuses that.
 *
 * @param unique memcached's number of the state, as unsigned 64-bit number
 * @param connections how many connections to the server had been opened when it was asked for
 */
public record CasToken(long unique, int connections) {

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

  /** Returns the number to send over the connection of this number, from 1 in the order opened. */
  long over(int connection) {
    return connection <= connections ? unique : NEVER;
  }
}
