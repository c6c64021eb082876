// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

/**
 * One item as read from memcached.
 *
 * <p>The array is the item's own and is not copied: whoever reads an item owns it.
 *
 * @param key the key that was asked for
 * @param flags the 32 bits stored with the value, to be read as unsigned where a number is meant
 * @param token tells this state of the item from all others, if that was asked for
 * @param data the value
 */
// Records compare arrays by identity; nobody compares items.
@SuppressWarnings("ArrayRecordComponent")
public record Item(String key, int flags, CasToken token, byte[] data) {

  public Item copy() {
    return new Item(key, flags, token, data.clone());
  }

  @Override
  public String toString() {
    return "Item["
        + key
        + ", flags="
        + flags
        + ", cas="
        + token.unique()
        + ", "
        + data.length
        + " bytes]";
  }
}
