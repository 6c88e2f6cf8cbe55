"""Each fault of a catalog must be found by the script that looks for it, and by the right target.

Run with: python3 -m unittest discover k6/tests
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from catalog import TOKEN, Catalog

RUN = pathlib.Path(__file__).parent.parent / "run.sh"


class Scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, fault=None, token=TOKEN):
        catalog = Catalog(fault)
        self.addCleanup(catalog.close)
        (self.folder / "token").write_text(token)
        self.describe([catalog.storefront] * 2, catalog.editors)
        return catalog

    def describe(self, query, admin):
        addresses = {"query": query, "admin": admin, "editor_token": str(self.folder / "token")}
        (self.folder / "stack.json").write_text(json.dumps({"addresses": addresses}))

    def run_script(self, script, **variables):
        given = {"RATE": "10", "DURATION": "4s", "EDITS": "2", **variables}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        places = {"VITRINA_STACK": self.folder / "stack.json", "VITRINA_REPORTS": self.folder}
        return subprocess.run(
            [RUN, script], env={**kept, **places, **given}, capture_output=True, text=True, timeout=120, check=False
        )

    def rows_missed(self, script):
        rows = json.loads((self.folder / f"{script}.json").read_text())
        return [it for it in rows if it["met"] is False]

    def missed(self, script):
        """The names of the targets that were missed, without those that depend on the machine."""
        rows = [it for it in self.rows_missed(script) if it["unit"] != "ms"]
        return {it["name"] for it in rows} - {"reads not sent in their turn"}

    def times(self, script):
        return {it["name"] for it in self.rows_missed(script) if it["unit"] == "ms"}

    def finds(self, fault, script, *expected):
        self.start(fault)
        ended = self.run_script(script)
        self.assertEqual(self.missed(script), set(expected), ended.stdout)
        self.assertEqual(ended.returncode, 1, ended.stderr)
        self.assertIn(f"{script} missed its targets", ended.stderr)
        self.assertIn("MISSED", (self.folder / f"{script}.md").read_text())
        self.assertIn("MISSED", (self.folder / f"{script}.html").read_text())

    def test_an_honest_catalog_misses_nothing(self):
        self.start()
        for script in ("smoke", "edit-while-reading"):
            with self.subTest(script):
                ended = self.run_script(script)
                self.assertEqual(self.missed(script), set(), ended.stdout + ended.stderr)

    def test_another_product(self):
        self.finds("answers another product", "load", "answers that are not what was asked for")

    def test_a_shelf_in_another_order(self):
        self.finds("mixes up shelves", "smoke", "answers that are not what was asked for", "checks passed")

    def test_another_products_content(self):
        self.finds(
            "loses an edit's content", "edit-while-reading", "answers that are not what was asked for"
        )

    def test_a_hidden_age(self):
        self.finds(
            "hides its age",
            "edit-while-reading",
            "answers older than the bound without saying so",
            "edits that did not show in time",
        )

    def test_a_label_is_no_lie(self):
        self.finds(
            "says it is stale", "edit-while-reading", "answers labelled stale", "edits that did not show in time"
        )

    def test_edits_that_show_late(self):
        self.start("shows edits late")
        ended = self.run_script("edit-while-reading")
        self.assertEqual(self.missed("edit-while-reading"), set(), ended.stdout)
        self.assertIn("acknowledgement to first answer, p99", self.times("edit-while-reading"))
        self.assertEqual(ended.returncode, 1)

    def test_no_label(self):
        self.finds("has no label", "load", "answers without Cache-Status")

    def test_refusals(self):
        self.finds("refuses", "load", "reads answered")

    def test_slowness(self):
        self.start("is slow")
        ended = self.run_script("load")
        self.assertIn("time to an answer, p99", self.times("load"))
        self.assertEqual(ended.returncode, 1)

    def test_refused_edits(self):
        self.finds("takes no edit", "edit-while-reading", "edits acknowledged", "edits watched")

    def test_edits_that_always_conflict(self):
        self.finds("always conflicts", "edit-while-reading", "edits watched")

    def test_a_worse_canary(self):
        stable = self.start()
        worse = Catalog("refuses")
        self.addCleanup(worse.close)
        ended = self.run_script(
            "canary", RATE="50", DURATION="11s", BASE_STABLE=stable.storefront, BASE_CANARY=worse.storefront
        )
        missed = self.missed("canary")
        self.assertIn("canary against stable: reads answered", missed, ended.stdout)
        self.assertFalse({it for it in missed if it.startswith("stable")}, missed)

    def test_a_canary_behind_one_address(self):
        divided = self.start("is divided by a mesh").storefront
        ended = self.run_script("canary", VITRINA_TARGET=divided, RATE="110", DURATION="11s")
        self.assertEqual(self.missed("canary"), set(), ended.stdout)
        whole = self.start().storefront
        self.run_script("canary", VITRINA_TARGET=whole)
        self.assertEqual(self.missed("canary"), {"stable: answers judged", "canary: answers judged"})

    def test_a_canary_without_traffic(self):
        self.start()
        self.run_script("canary")
        self.assertIn("canary: answers judged", self.missed("canary"))

    def test_a_limit_is_found(self):
        self.start("carries 30 a second")
        ended = self.run_script("breakpoint", RATE="12", DURATION="5s", STEPS="6")
        rows = json.loads((self.folder / "breakpoint.json").read_text())
        self.assertEqual(rows[0]["name"], "highest rate that met every objective")
        # 12, 18, 27, 41: of those, 27 is the last that it carries.
        self.assertEqual((rows[0]["value"], rows[0]["met"]), (27, True), ended.stdout)
        self.assertFalse([it for it in rows if it["name"].startswith("at-61")], "it goes on after the limit")

    def test_a_limit_below_the_normal_load(self):
        self.start("refuses")
        ended = self.run_script("breakpoint")
        self.assertIn("highest rate that met every objective", self.missed("breakpoint"), ended.stdout)
        self.assertEqual(ended.returncode, 1)

    def test_surplus_may_be_refused_in_a_spike_alone(self):
        self.start("carries 30 a second")
        self.run_script("spike", RATE="6", DURATION="3s")
        self.assertEqual(self.missed("spike"), set())
        self.run_script("stress", RATE="15", DURATION="3s")
        self.assertEqual(self.missed("stress"), {"load-x3: reads answered"})

    def test_a_soak_compares_its_end_with_its_beginning(self):
        self.start()
        ended = self.run_script("soak", DURATION="9s")
        self.assertEqual(self.missed("soak"), set())
        self.assertIn("end against begin: time to an answer", ended.stdout)

    def test_popularity(self):
        k6 = subprocess.run([RUN.parent / "install.sh"], capture_output=True, text=True, check=True).stdout.strip()
        ended = subprocess.run(
            [k6, "run", "--quiet", "--no-usage-report", "--address", "", RUN.parent / "tests" / "zipf.js"],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(ended.returncode, 0, ended.stderr)

    def test_a_token_that_ran_out(self):
        self.start(token="old")
        ended = self.run_script("edit-while-reading")
        self.assertIn("refuses the token (The token has expired.): make up makes a new one", ended.stderr)
        self.assertNotEqual(ended.returncode, 0)

    def test_sentences(self):
        dead = "http://127.0.0.1:1"
        for (script, query), sentence in {
            ("smoke", None): "no stack runs",
            ("smoke", dead): "catalog-query does not answer at http://127.0.0.1:1",
            ("nothing", dead): 'there is no script "nothing"',
            ("smoke", "http://192.0.2.1"): "is not on this machine",
            ("smoke", "http://127.0.0.1.example.com"): "is not on this machine",
        }.items():
            with self.subTest(sentence):
                if query:
                    self.describe([query], query)
                ended = self.run_script(script)
                self.assertIn(sentence, ended.stderr)
                self.assertNotEqual(ended.returncode, 0)

    def test_settings_have_limits(self):
        self.start()
        for name, value in {"RATE": "20001", "DURATION": "13h", "EDITS": "many"}.items():
            with self.subTest(name):
                ended = self.run_script("edit-while-reading", **{name: value})
                self.assertIn(f'{name} is "{value}"', ended.stderr)
                self.assertNotEqual(ended.returncode, 0)


if __name__ == "__main__":
    unittest.main()
