package org.memjcache.usercode;

import java.io.IOException;
import java.io.InputStream;

/**
 * A class loader as application servers and development tools have it: it defines some classes
 * anew, although its parent knows them, too.
 */
final class ChildFirstLoader extends ClassLoader {

  private final Class<?> own;

  /** Makes a loader that defines {@code own}, and what is nested in it, anew. */
  ChildFirstLoader(Class<?> own) {
    super(own.getClassLoader());
    this.own = own;
  }

  /** Returns its own version of a class. */
  Class<?> own(Class<?> ofParent) throws ClassNotFoundException {
    return Class.forName(ofParent.getName(), true, this);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.equals(own.getName()) && !name.startsWith(own.getName() + "$")) {
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
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
