#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks PipeWire's graph: nodes, links, targets, metadata; waits for a change.

All of it comes from pw-dump. `wait` reads `pw-dump --monitor`, so it wakes up
when something changes and not before. (pw-dump does not tell of a metadata key
that was deleted: to wait for that, ask metadata-get again.)
"""

import argparse
import json
import os
import selectors
import signal
import subprocess
import sys
import time

TYPE_NODE = "PipeWire:Interface:Node"
TYPE_CLIENT = "PipeWire:Interface:Client"
TYPE_LINK = "PipeWire:Interface:Link"
TYPE_METADATA = "PipeWire:Interface:Metadata"
EX_UNAVAILABLE = 69
QUIET_S = 1.0


class Graph:
    """The objects of a graph by id, fed with what pw-dump prints."""

    def __init__(self):
        self.objects = {}

    def feed(self, batch):
        for change in batch:
            if change.get("info", 0) is None:
                self.objects.pop(change["id"], None)
            else:
                merge(self.objects.setdefault(change["id"], {}), change)

    def of_type(self, kind):
        return [o for o in self.objects.values() if o.get("type") == kind]

    def nodes(self, name=None):
        return [o for o in self.of_type(TYPE_NODE)
                if name is None or matches(o, name)]

    def node(self, name):
        found = self.nodes(name)
        return found[-1] if found else None

    def links(self):
        """(output node, output port, input node, input port), all ids"""
        for o in self.of_type(TYPE_LINK):
            i = o.get("info") or {}
            if "output-node-id" in i:
                yield (i["output-node-id"], i["output-port-id"],
                       i["input-node-id"], i["input-port-id"], i)

    def node_name(self, node_id):
        return props(self.objects.get(node_id, {})).get(
            "node.name", str(node_id))

    def port_name(self, port_id):
        return props(self.objects.get(port_id, {})).get(
            "port.name", str(port_id))

    def links_text(self, node, outgoing):
        ids = {n["id"] for n in self.nodes(node)}
        out = []
        for on, op, inn, inp, _ in self.links():
            if (on if outgoing else inn) in ids:
                out.append("%s:%s -> %s:%s" % (
                    self.node_name(on), self.port_name(op),
                    self.node_name(inn), self.port_name(inp)))
        return sorted(out)

    def targets(self, node):
        """names of the nodes that this one plays or records into"""
        ids = {n["id"] for n in self.nodes(node)}
        return sorted({self.node_name(inn)
                       for on, _, inn, _, _ in self.links() if on in ids})

    def linked(self, source, sink):
        """links that join the two, all of them ready to carry sound"""
        a = {n["id"] for n in self.nodes(source)}
        b = {n["id"] for n in self.nodes(sink)}
        return [i for on, _, inn, _, i in self.links()
                if on in a and inn in b
                and i.get("state") in ("active", "paused")]

    def metadata(self, subject, key, name="default"):
        for o in self.of_type(TYPE_METADATA):
            if props(o).get("metadata.name") != name:
                continue
            for m in o.get("metadata", []):
                if m["subject"] == subject and m["key"] == key:
                    return m["value"]
        return None

    def default_sink(self):
        value = self.metadata(0, "default.audio.sink")
        return value.get("name") if isinstance(value, dict) else value


def merge(old, change):
    for key, value in change.items():
        if key == "info" and isinstance(value, dict):
            old.setdefault("info", {}).update(value)
        elif key == "metadata":
            merge_metadata(old.setdefault("metadata", []), value)
        else:
            old[key] = value


def merge_metadata(old, change):
    for m in change:
        old[:] = [o for o in old if (o["subject"], o["key"]) !=
                  (m["subject"], m["key"])]
        if m.get("value") is not None:
            old.append(m)


def props(o):
    p = (o.get("info") or {}).get("props")
    return p or o.get("props") or {}


def matches(o, name):
    """NAME is a node.name, an id, or KEY=VALUE of a node's properties"""
    p = props(o)
    if "=" in name:
        key, value = name.split("=", 1)
        return str(p.get(key)) == value
    return p.get("node.name") == name or str(o["id"]) == name


def decode_stream(text):
    """the JSON arrays at the start of text, and what is left of it"""
    decoder = json.JSONDecoder()
    batches = []
    while True:
        text = text.lstrip()
        if not text:
            return batches, text
        try:
            batch, end = decoder.raw_decode(text)
        except ValueError:
            return batches, text
        batches.append(batch)
        text = text[end:]


def snapshot():
    run = subprocess.run(["pw-dump"], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False)
    if run.returncode != 0 or not run.stdout.strip():
        print("graph: no answer from PipeWire in %s: %s" % (
            os.environ.get("XDG_RUNTIME_DIR", "(no XDG_RUNTIME_DIR)"),
            run.stderr.decode().strip() or "pw-dump printed nothing"),
            file=sys.stderr)
        sys.exit(EX_UNAVAILABLE)
    g = Graph()
    for batch in decode_stream(run.stdout.decode())[0]:
        g.feed(batch)
    return g


def condition(words):
    """a function of a graph, from the words of the command line"""
    verb, args = words[0], words[1:]
    table = {
        "node": (1, lambda g: g.node(args[0]) is not None),
        "no-node": (1, lambda g: g.node(args[0]) is None),
        "nodes": (2, lambda g: len(g.nodes(args[0])) == int(args[1])),
        "linked": (2, lambda g: len(g.linked(*args)) > 0),
        "links": (3, lambda g: len(g.linked(*args[:2])) == int(args[2])),
        "no-link": (2, lambda g: not g.linked(*args)),
        "target": (2, lambda g: g.targets(args[0]) == args[1].split(",")),
        "default-sink": (1, lambda g: g.default_sink() == args[0]
                         and g.node(args[0]) is not None),
        "state": (2, lambda g: any(
            (n.get("info") or {}).get("state") == args[1]
            for n in g.nodes(args[0]))),
    }
    if verb not in table or table[verb][0] != len(args):
        print("graph: wait %s: not one of node NAME, no-node NAME, nodes NAME"
              " N, linked FROM TO, links FROM TO N, no-link FROM TO, target"
              " NODE NAME[,NAME], default-sink NAME, state NODE STATE"
              % " ".join(words), file=sys.stderr)
        sys.exit(64)
    return table[verb][1]


def monitor(pred, end_s):
    """True when pred holds; False when time is over; None when PipeWire left,
    or was quiet for so long that asking it afresh is worth it"""
    # into a pipe, pw-dump would keep a change back until 4 KiB are full
    dump = subprocess.Popen(["stdbuf", "-oL", "pw-dump", "--monitor",
                             "--no-colors"],
                            stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL)
    try:
        g, text = Graph(), ""
        fd = dump.stdout.fileno()
        with selectors.DefaultSelector() as sel:
            sel.register(fd, selectors.EVENT_READ)
            while True:
                left_s = end_s - time.monotonic()
                if left_s <= 0:
                    return False
                if not sel.select(min(left_s, QUIET_S)):
                    return False if left_s <= QUIET_S else None
                data = os.read(fd, 1 << 20)
                if not data:
                    return None
                text += data.decode()
                if "\n]\n" not in text:
                    continue  # not a whole array yet
                batches, text = decode_stream(text)
                for batch in batches:
                    g.feed(batch)
                if batches and pred(g):
                    return True
    finally:
        dump.kill()
        dump.wait()


def wait(seconds, words):
    pred = condition(words)
    end_s = time.monotonic() + seconds
    while True:
        answer = monitor(pred, end_s)
        if answer is not None or time.monotonic() >= end_s:
            break
        time.sleep(0.02)  # it may be that PipeWire is being restarted
    if answer:
        return 0
    print("graph: %s: not so after %g s" % (" ".join(words), seconds),
          file=sys.stderr)
    return 1


def show(value):
    if value is None:
        return 1
    print(value if isinstance(value, str) else json.dumps(value))
    return 0


def show_lines(lines):
    for line in lines:
        print(line)
    return 0 if lines else 1


def arguments():
    p = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0],
        epilog="NODE is a node.name, an id, or KEY=VALUE of its properties. "
               "Fails (1) when there is nothing to print.")
    sub = p.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name, text, *names):
        s = sub.add_parser(name, help=text, description=text)
        for n in names:
            s.add_argument(n)
        return s

    verb("nodes", "every node: id, class, name")
    verb("clients", "every client: id, application.name, binary, process id")
    verb("node-id", "the id of a node", "node")
    verb("node-prop", "a property of a node", "node", "key")
    verb("count-nodes", "how many nodes match", "node")
    verb("links", "every link, by name")
    verb("links-from", "links out of a node, by name", "node")
    verb("links-to", "links into a node, by name", "node")
    verb("target-of", "the nodes that a node plays into", "node")
    verb("default-sink", "the name of the default sink")
    verb("metadata-get", "a value of the default metadata, as JSON or text",
         "subject", "key")
    w = verb("wait", "waits until it is so: node NAME, no-node NAME, nodes "
             "NAME N, linked FROM TO, links FROM TO N, no-link FROM TO, "
             "target NODE NAME[,NAME], default-sink NAME, state NODE STATE")
    w.add_argument("-t", "--timeout", type=float, default=10.0,
                   metavar="SECONDS")
    w.add_argument("condition", nargs="+")
    return p.parse_args()


def answer_query(a):
    g = snapshot()
    if a.verb == "nodes":
        return show_lines(["%s\t%s\t%s" % (
            n["id"], props(n).get("media.class", "-"),
            props(n).get("node.name", "-")) for n in g.nodes()])
    if a.verb == "clients":
        return show_lines(["%s\t%s\t%s\t%s" % (
            c["id"], props(c).get("application.name", "-"),
            props(c).get("application.process.binary", "-"),
            props(c).get("application.process.id", "-"))
            for c in g.of_type(TYPE_CLIENT)])
    if a.verb == "node-id":
        n = g.node(a.node)
        return show(str(n["id"]) if n else None)
    if a.verb == "node-prop":
        n = g.node(a.node)
        return show(props(n).get(a.key) if n else None)
    if a.verb == "count-nodes":
        return show(str(len(g.nodes(a.node))))
    if a.verb == "links":
        return show_lines(sorted(
            "%s:%s -> %s:%s" % (g.node_name(on), g.port_name(op),
                                g.node_name(inn), g.port_name(inp))
            for on, op, inn, inp, _ in g.links()))
    if a.verb in ("links-from", "links-to"):
        return show_lines(g.links_text(a.node, a.verb == "links-from"))
    if a.verb == "target-of":
        return show_lines(g.targets(a.node))
    if a.verb == "default-sink":
        return show(g.default_sink())
    subject = a.subject
    if not subject.isdigit():
        n = g.node(subject)
        subject = n["id"] if n else -1
    return show(g.metadata(int(subject), a.key))


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    a = arguments()
    if a.verb == "wait":
        return wait(a.timeout, a.condition)
    return answer_query(a)


if __name__ == "__main__":
    sys.exit(main())
