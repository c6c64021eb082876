// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

/** Why an item is not an entry that this process can read. */
public enum UnreadableEnvelope implements OpenedEnvelope {
  /** Another program stored it, or its format or encoding can't be read here. */
  FOREIGN("is not an envelope that can be read"),

  /** Damaged, shortened, or copied from another key. */
  DAMAGED("is damaged"),

  /** It holds another entry, whose key has the same hash. */
  COLLISION("holds another entry"),

  /**
   * Not signed with a secret of this manager: written by a process that doesn't have it, or signed
   * and then damaged, or copied from another key.
   */
  FORGED("was not signed with the secret of this manager");

  private final String description;

  UnreadableEnvelope(String description) {
    this.description = description;
  }

  /** Returns what is to be said of such an item, beginning with a verb. */
  public String description() {
    return description;
  }
}
