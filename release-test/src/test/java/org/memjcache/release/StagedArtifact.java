// SPDX-License-Identifier: Apache-2.0
package org.memjcache.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The files of one artifact in a staging folder. */
record StagedArtifact(String id, String version, Path folder) {

  static List<StagedArtifact> in(Path staging, String version) throws IOException {
    List<StagedArtifact> artifacts = new ArrayList<>();
    try (Stream<Path> folders = Files.list(staging.resolve("org/memjcache"))) {
      for (Path folder : folders.sorted().toList()) {
        artifacts.add(
            new StagedArtifact(folder.getFileName().toString(), version, folder.resolve(version)));
      }
    }
    return artifacts;
  }

  /** Returns the file with this end of its name, such as {@code -sources.jar}. */
  Path file(String end) {
    return folder.resolve(id + "-" + version + end);
  }

  Path jar() {
    return file(".jar");
  }

  boolean hasJar() {
    return !id.equals("memjcache-bom");
  }

  /** All files but the checksums of others. */
  List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.toString().matches(".*\\.(md5|sha1)")).sorted().toList();
    }
  }

  /** All files that are no signatures, and no checksums. */
  List<Path> signedFiles() throws IOException {
    return files().stream().filter(file -> !file.toString().endsWith(".asc")).toList();
  }

  /** Returns the texts of all elements of the POM that an XPath finds, blank ones left out. */
  List<String> pom(String path) {
    try {
      Document pom =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(file(".pom").toFile());
      NodeList nodes =
          (NodeList)
              XPathFactory.newDefaultInstance()
                  .newXPath()
                  .evaluate(path, pom, XPathConstants.NODESET);
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < nodes.getLength(); i++) {
        texts.add(nodes.item(i).getTextContent().strip());
      }
      texts.removeIf(String::isEmpty);
      return texts;
    } catch (IOException
        | ParserConfigurationException
        | SAXException
        | XPathExpressionException e) {
      throw new AssertionError(file(".pom").toString(), e);
    }
  }
}
