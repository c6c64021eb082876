// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.text;

/** How the names of classes and packages are written. */
public final class ClassNames {

  /**
   * A class or package, as a regular expression; with a hyphen, as {@code package-info} and some
   * languages have it. Possessive: it never turns back.
   */
  public static final String NAME =
      "ID(?:\\.ID)*+".replace("ID", "\\p{javaJavaIdentifierStart}[\\p{javaJavaIdentifierPart}-]*+");

  private ClassNames() {}
}
