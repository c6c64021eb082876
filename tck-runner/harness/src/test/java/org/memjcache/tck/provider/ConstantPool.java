// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.provider;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The texts in a class file: its string literals and all names it uses (JVMS 4.4). */
final class ConstantPool {

  private ConstantPool() {}

  static List<String> texts(byte[] classFile) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    in.skipNBytes(8); // magic number and version
    int size = in.readUnsignedShort();
    List<String> texts = new ArrayList<>();
    for (int i = 1; i < size; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> texts.add(in.readUTF());
        case 7, 8, 16, 19, 20 -> in.skipNBytes(2); // class, string, method type, module, package
        case 15 -> in.skipNBytes(3); // method handle
        case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4); // int, float, references
        case 5, 6 -> { // long and double count twice
          in.skipNBytes(8);
          i++;
        }
        default -> throw new IOException("Unknown tag in constant pool: " + tag);
      }
    }
    return texts;
  }
}
