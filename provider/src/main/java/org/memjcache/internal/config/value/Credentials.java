package org.memjcache.internal.config.value;

import java.nio.charset.StandardCharsets;

/**
 * Who to be for memcached.
 *
 * @param user the user's name, 1 to 250 characters without blanks and control characters
 * @param password the password, 1 to 250 characters, none of them a control character; no text of
 *     this class shows it
 */
public record Credentials(String user, String password) {

  /** The longest name or password, in characters. */
  private static final int LONGEST = 250;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a part is empty or too long, or has other characters; the
   *     message doesn't repeat them
   */
  public Credentials {
    if (!isUser(user)) {
      throw new IllegalArgumentException(
          "The user for memcached must be a name of up to "
              + LONGEST
              + " characters without blanks and control characters");
    }
    if (!isPassword(password)) {
      throw new IllegalArgumentException(
          "The password for memcached must be a text of up to "
              + LONGEST
              + " characters, none of them a control character");
    }
  }

  /** Returns whether a text can be the name of a user. */
  public static boolean isUser(String text) {
    return isPassword(text) && text.codePoints().noneMatch(c -> c == ' ' || isUnfitForLogs(c));
  }

  /** Returns whether a text can be a password. */
  public static boolean isPassword(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST
        && text.chars().noneMatch(c -> c < ' ' || c == 0x7f);
  }

  private static boolean isUnfitForLogs(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** Returns what the text protocol takes: {@code user password}, in UTF-8. */
  public byte[] asToken() {
    return (user + ' ' + password).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the message of SASL's mechanism PLAIN (RFC 4616), in UTF-8. */
  public byte[] asPlainMessage() {
    return ('\0' + user + '\0' + password).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the user only. */
  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
