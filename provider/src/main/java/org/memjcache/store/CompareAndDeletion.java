package org.memjcache.store;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Removes an item if it is still the one whose cas token was read.
 *
 * <p>The text protocol's {@code delete} takes no token. What does the same is a {@code cas} that
 * stores an empty value which has expired already: {@code cas <key> 0 -1 0 <token>}. A negative
 * expiry counts as past ({@code protocol.txt}, "Storage commands"), so the server replaces the item
 * by one that nobody can read. {@code md <key> C<token>} would say it directly, but memcached
 * before 1.6 and most proxies don't know meta commands.
 */
public final class CompareAndDeletion extends Request {

  /** What the server did. */
  public enum Result {
    /** The item was removed. */
    DELETED,
    /** The item has changed since its token was read, and stays. */
    EXISTS,
    /** There is no such item any more. */
    NOT_FOUND
  }

  private static final byte[] STORED = Answer.ascii("STORED");
  private static final byte[] EXISTS = Answer.ascii("EXISTS");
  private static final byte[] NOT_FOUND = Answer.ascii("NOT_FOUND");
  private static final byte[] SERVER_ERROR = Answer.ascii("SERVER_ERROR");

  private final String key;
  private final CasToken token;
  private long cas;
  private @Nullable Result result;

  /**
   * Creates a request.
   *
   * @param key the key
   * @param token the token of {@link Item#token}
   */
  public CompareAndDeletion(String key, CasToken token) {
    this.key = requireKey(key);
    this.token = token;
    this.cas = token.unique();
  }

  /**
   * Returns what the server did.
   *
   * @return the result
   * @throws StoreException if the request failed
   */
  public Result result() {
    requireResult();
    return Objects.requireNonNull(result);
  }

  @Override
  void sendOver(int connection, int opened) {
    cas = token.over(connection);
  }

  @Override
  WireForm binary() {
    return new BinaryCompareAndDeletion(this, key, cas);
  }

  /** Takes what the server did. */
  void answered(Result done) {
    result = done;
  }

  @Override
  int encodedSize() {
    return 4 + key.length() + 8 + 20 + 4;
  }

  @Override
  void encode(Outgoing out) {
    out.text("cas ").text(key).text(" 0 -1 0").unsigned(cas).endOfLine().endOfLine();
  }

  @Override
  boolean decode(ByteBuffer in) {
    int end = Answer.endOfLine(in);
    if (end < 0) {
      return false;
    }
    if (Answer.is(in, end, STORED)) {
      result = Result.DELETED;
    } else if (Answer.is(in, end, EXISTS)) {
      result = Result.EXISTS;
    } else if (Answer.is(in, end, NOT_FOUND)) {
      result = Result.NOT_FOUND;
    } else if (Answer.startsWith(in, end, SERVER_ERROR)) {
      refuse(in, end);
    } else {
      // The command line was not understood: the empty value's line will get an answer of its own.
      throw new ProtocolException(Answer.excerpt(in, end));
    }
    in.position(end + 1);
    return true;
  }
}
