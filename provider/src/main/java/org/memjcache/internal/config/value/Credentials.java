// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

import java.nio.charset.StandardCharsets;

/** Who to be for memcached. No text of this class shows the password. Immutable. */
public record Credentials(String user, String password) {

  private static final int LONGEST = 250;

  /** What a user can be called, for errors. */
  public static final String USER_FORM =
      "a name of up to " + LONGEST + " characters without blanks and control characters";

  /** What a password can be, for errors. */
  public static final String PASSWORD_FORM =
      "a text of up to " + LONGEST + " characters, none of them a control character";

  /** Refuses what memcached would; the message doesn't repeat it. */
  public Credentials {
    if (!isUser(user)) {
      throw new IllegalArgumentException("The user for memcached must be " + USER_FORM);
    }
    if (!isPassword(password)) {
      throw new IllegalArgumentException("The password for memcached must be " + PASSWORD_FORM);
    }
  }

  public static boolean isUser(String text) {
    return isPassword(text) && text.codePoints().noneMatch(c -> c == ' ' || isUnfitForLogs(c));
  }

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

  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
