// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.cache.CacheException;
import org.memjcache.internal.text.ClassNames;
import org.memjcache.internal.text.ErrorText;

/**
 * The classes that may be serialized and read back.
 *
 * <p>Always among them are the value types, collections and exceptions of the JDK, what frameworks
 * wrap the keys and values of applications in, and arrays of allowed types. To these come the
 * classes a cache declares, and those named by patterns:
 *
 * <ul>
 *   <li>{@code com.acme.Person} is this class,
 *   <li>{@code com.acme.*} all classes of this package,
 *   <li>{@code com.acme.**} all classes of this package and of those below it.
 * </ul>
 *
 * <p>Decides by name, so before a class is even loaded. A subclass isn't allowed because its
 * superclass is, nor a class because of its fields: each class in an object is looked at.
 *
 * <p>Immutable and thread-safe.
 */
public final class AllowList {

  /** The option that users set; named in errors. */
  static final String OPTION = "serialization.allow";

  private static final String PREFIX = "memjcache.";

  /** How the names of arrays end whose elements are primitive (JLS 13.1). */
  private static final String PRIMITIVE_LETTERS = "ZBCSIJFD";

  private static final Pattern SEPARATOR = Pattern.compile("[,;]");

  private static final Pattern NAME = Pattern.compile(ClassNames.NAME);

  /** Packages of the JDK, whose classes are proposed one by one only. */
  private static final Pattern JDK_CLASS = Pattern.compile("(javax?|jdk|sun|com\\.sun)\\..*");

  private static final AllowList JDK = new AllowList(Set.of(), List.of(), List.of(), false);
  private static final AllowList JDK_IN_FILE = new AllowList(Set.of(), List.of(), List.of(), true);

  private final Set<String> classes;

  /** Package names with the last dot. */
  private final List<String> packages;

  /** Package names with the last dot, for packages with all below them. */
  private final List<String> trees;

  private final boolean isInFile;

  private AllowList(
      Set<String> classes, List<String> packages, List<String> trees, boolean isInFile) {
    this.classes = Set.copyOf(classes);
    this.packages = List.copyOf(packages);
    this.trees = List.copyOf(trees);
    this.isInFile = isInFile;
  }

  /** Returns the list that allows nothing but types of the JDK. */
  public static AllowList jdkTypes() {
    return JDK;
  }

  /**
   * Returns a list that allows types of the JDK and what the patterns name.
   *
   * @param patterns patterns separated by commas or semicolons; blanks around them don't count
   * @throws IllegalArgumentException if a pattern is wrong; names it
   */
  public static AllowList parse(String patterns) {
    return parse(patterns, false);
  }

  /**
   * Returns the same.
   *
   * @param isInFile whether the options stand in a properties file, for what errors propose
   */
  public static AllowList parse(String patterns, boolean isInFile) {
    Set<String> classes = new HashSet<>();
    List<String> packages = new ArrayList<>();
    List<String> trees = new ArrayList<>();
    for (String part : SEPARATOR.split(patterns)) {
      String pattern = part.strip();
      if (pattern.isEmpty()) {
        continue;
      }
      if (pattern.endsWith(".**")) {
        trees.add(requireName(pattern, pattern.substring(0, pattern.length() - 3)) + '.');
      } else if (pattern.endsWith(".*")) {
        packages.add(requireName(pattern, pattern.substring(0, pattern.length() - 2)) + '.');
      } else {
        classes.add(requireName(pattern, pattern));
      }
    }
    return classes.isEmpty() && packages.isEmpty() && trees.isEmpty()
        ? isInFile ? JDK_IN_FILE : JDK // the same for all tenants
        : new AllowList(classes, packages, trees, isInFile);
  }

  private static String requireName(String pattern, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Wrong pattern '"
              + pattern
              + "' in "
              + OPTION
              + "; expected a class (com.acme.Person), a package (com.acme.*) or a package with all"
              + " below it (com.acme.**), separated by commas or semicolons");
    }
    return name;
  }

  /**
   * Returns a list that allows these classes too, with their superclasses; an array stands for its
   * elements.
   */
  public AllowList and(Class<?>... types) {
    Set<String> more = new HashSet<>(classes);
    for (Class<?> type : types) {
      for (Class<?> c = elementType(type); c != null; c = c.getSuperclass()) {
        if (!allowsClass(c.getName())) {
          more.add(c.getName());
        }
      }
    }
    return more.size() == classes.size() ? this : new AllowList(more, packages, trees, isInFile);
  }

  private static Class<?> elementType(Class<?> type) {
    Class<?> element = type;
    while (element.getComponentType() != null) {
      element = element.getComponentType();
    }
    return element;
  }

  /** Returns whether a class is allowed, by its binary name ({@link Class#getName}). */
  public boolean allows(String className) {
    int dimensions = 0;
    while (dimensions < className.length() && className.charAt(dimensions) == '[') {
      dimensions++;
    }
    if (dimensions == 0) {
      return allowsClass(className) || ClassResolver.PRIMITIVES.containsKey(className);
    }
    String element = className.substring(dimensions);
    return element.length() == 1
        ? PRIMITIVE_LETTERS.contains(element)
        : element.startsWith("L")
            && element.endsWith(";")
            && allowsClass(element.substring(1, element.length() - 1));
  }

  private boolean allowsClass(String name) {
    if (classes.contains(name) || JdkTypes.include(name) || FrameworkTypes.include(name)) {
      return true;
    }
    for (String tree : trees) {
      if (name.startsWith(tree)) {
        return true;
      }
    }
    for (String start : packages) {
      if (name.startsWith(start) && name.indexOf('.', start.length()) < 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Checks that a class is allowed.
   *
   * @param className its binary name
   * @throws CacheException if it isn't; names the class, and what to write where
   */
  void require(String className) {
    if (!allows(className)) {
      String element = ErrorText.message(className.replaceAll("^\\[+L|;$", ""));
      String option = OPTION + "=" + element;
      throw new CacheException(
          "Class "
              + element
              + " is not allowed to be serialized. Allow it with "
              + (isInFile
                  ? "the line " + PREFIX + option + " in the properties file"
                  : option + " in the manager's URI, or the property " + PREFIX + option)
              + packages(element));
    }
  }

  private static String packages(String className) {
    int dot = className.lastIndexOf('.');
    if (dot < 0 || JDK_CLASS.matcher(className).matches()) {
      return "";
    }
    String name = className.substring(0, dot);
    return " (or " + name + ".* for its package, " + name + ".** for all below it too)";
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>(classes);
    packages.forEach(start -> parts.add(start + '*'));
    trees.forEach(start -> parts.add(start + "**"));
    Collections.sort(parts);
    return String.join(",", parts);
  }
}
