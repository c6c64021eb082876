// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Predicate;

/**
 * A class loader as application servers and development tools have it: it defines some classes
 * anew, although its parent knows them, too.
 */
public class ChildFirstLoader extends ClassLoader {

  private final Predicate<String> isOwn;

  /** Makes a loader that defines {@code own}, and what is nested in it, anew. */
  public ChildFirstLoader(Class<?> own) {
    this(
        own.getClassLoader(),
        name -> name.equals(own.getName()) || name.startsWith(own.getName() + "$"));
  }

  /** Makes a loader that defines the classes anew whose names it accepts. */
  public ChildFirstLoader(ClassLoader parent, Predicate<String> isOwn) {
    super(parent);
    this.isOwn = isOwn;
  }

  /** Returns its own version of a class. */
  public Class<?> own(Class<?> ofParent) throws ClassNotFoundException {
    return Class.forName(ofParent.getName(), true, this);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!isOwn.test(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known == null ? define(name) : known;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = transform(name, in.readAllBytes());
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** Returns the bytes of a class that are defined: as they are, unless overridden. */
  protected byte[] transform(String name, byte[] bytes) {
    return bytes;
  }
}
