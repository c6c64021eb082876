package org.memjcache.internal.codec.envelope;

/**
 * What stands in an envelope's header to tell whether the rest of it is as it was written, under
 * the item key that it was written for.
 *
 * <p>Implementations are thread-safe.
 */
sealed interface IntegrityTag permits Checksum, Signature {

  /** Returns the number of the envelope format that has this seal, 1 to 15. */
  int format();

  /** Returns how many bytes the seal takes. */
  int size();

  /**
   * Puts the seal into an envelope.
   *
   * @param flags of the item
   * @param bytes the whole envelope; what is sealed is all of it but the seal
   * @param at where in {@code bytes} the seal begins
   */
  void put(String itemKey, int flags, byte[] bytes, int at);

  /**
   * Tells whether an envelope has the right seal.
   *
   * @param flags of the item
   * @param bytes the whole envelope, long enough for the seal
   * @param at where in {@code bytes} the seal begins
   */
  boolean fits(String itemKey, int flags, byte[] bytes, int at);
}
