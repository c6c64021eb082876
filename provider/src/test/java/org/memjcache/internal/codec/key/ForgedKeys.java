package org.memjcache.internal.codec.key;

/** Entry keys that no codec made, for tests of other packages that attack. */
public final class ForgedKeys {

  private ForgedKeys() {}

  /** Returns an entry key with any text. */
  public static EntryKey withText(String text) {
    return new EntryKey(text);
  }
}
