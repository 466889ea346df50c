"""What moved goes on working for one release, with a warning that names what replaces it."""

import ast
import importlib
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import detente
from detente._deprecated import moved_module, warn_moved

PACKAGE = Path(detente.__file__).parent
#: Packages and modules of before that pages named, one name of each, and where it is now.
MOVED = [
    ("detente.talks", "Party", "detente.negotiation", "Party"),
    ("detente.case", "load_case", "detente.cases", "load_case"),
    ("detente.brief", "make_brief", "detente.report", "make_brief"),
    ("detente.web", "create_app", "detente.app", "create_app"),
    ("detente.study", "assess", "detente.analysis", "assess"),
    ("detente.study", "comparison", "detente.analysis", "compare"),
    ("detente.study.talking", "talk", "detente.analysis.negotiation", "negotiate"),
    ("detente.study.headlines", "headlines", "detente.analysis.uncertainty.draws", "headlines"),
]
#: The public names of the release before, by the package that they were in.
PUBLIC = {
    "detente": """
        Shock World answer assess embargo export_tax gradient iceberg load_case load_world
        solve tariff
    """,
    "detente.talks": """
        BlocRemedy Blocking BlockingSets Chances ChannelWorth Channels Conflict
        DoubleMajority Exchange Interest JointMoves LastingChances Link ListedConflict
        Lottery Measure Messages MomentVote MomentVotes Moments MyersonValues Order
        Packages Party Path Patience Payoffs Point PowerIndices ProposerShare Range
        Refusal Regime Remedies Rule Sequences ShrinkingSteps SignalPath Signatory Signing
        Sovereign Split Stability StateSpace Step Table TalksError TrustThreshold
        Unanimity Unravelling Valuation WeightedVotes Why believable_messages blocking
        chances channel_worth coalition_worths explain_orders find_packages find_sequences
        joint_improvements lasting_chances minimal_blocking_sets myerson myerson_values
        pareto_front path_to_stability power power_at proposer_share qualified_majority
        regime regime_of remedies rubinstein shrinking_steps stable_states trust_threshold
        unanimity who_can_block why
    """,
    "detente.case": """
        Act BackTestGiven Case CaseError CaseSummary Channel Claim ClaimTest Commodity
        Comparison Conflict Congestion Constraint Correlation Effect Elasticity Embargo
        ExportTax Fault Flow Iceberg Interest Link Marked Measure Move NamedScenario
        Observation ObservedMove Option Package Parameter Party Period Productivity
        Published Quantity Reading RouteChange RouteTerms Routes Rule Rules Scenario
        Selection Setting Span Spread State Talks TalksTerms Tariff UNITS Uncertainty
        Valuation Voice Way WayTerms YearPrice case_of case_schema cases chosen_countries
        implausible_origins load_case observed observed_ni observed_prices read_case
        read_marked world_path
    """,
    "detente.brief": """
        Bands Chart Column Link Table Views bands_of brief_html make_brief print_summary
        views_of write_brief write_csv write_json
    """,
    "detente.web": """
        Limits create_app
    """,
    "detente.study": """
        Answer Assessment BackTest Coalition CommodityOutcome Design Ensemble Extent
        Ground JointLift MeasureEffect Nash QuestionError Regime Scenarios Sensitivity
        Snapshot Timeline Verdict Verdicts WayFlow answer assess backtest coalition
        comparison design find_world ground_of idle_measures nash_tariffs optimal_tariffs
        run_draws sensitivity shock_of timeline verdicts world_of
    """,
    "detente.study.talking": """
        AnswerChance ChannelAnswer ChannelBands Deals DrawnTalks MeasureVotes Money
        MoveCheck MoveMoney NoTalks Ordering Proposal TalkBands TalksAnswer VoteChances
        talk
    """,
    "detente.trade": """
        Batch Certificate Equilibrium Exact FirstOrder Gradient Horizon InfeasibleShock
        Interrupted Labelled NotConverged RouteChoice Shock ShockError Way Weights
        capacity embargo exact export_tax first_order gradient gradients horizon_named
        horizon_parameters iceberg labour productivity solve solve_many tariff transfer
    """,
    "detente.world": """
        Elasticity UnknownLabel Verdict World WorldError WorldFileError
        aggregate_countries aggregate_goods available_groups available_worlds
        default_elasticities expand load_world members not_separate read_icio save_world
        split_commodity synthetic trade_elasticity verdicts
    """,
}
#: Names that mean something else where they are now than in the release before.
TURNED = {("detente.case", "RouteTerms"): "RouteChoiceTerms"}


@pytest.mark.parametrize("package", PUBLIC)
def test_every_public_name_of_before_is_there(package):
    module = importlib.import_module(package)
    for name in PUBLIC[package].split():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = getattr(module, name)
        said = [w for w in caught if f"{package}.{name} is called " in str(w.message)]
        moved = package in {row[0] for row in MOVED}
        assert bool(said) or not moved, name
        if (package, name) in TURNED:
            assert found.__name__ == TURNED[package, name]


def test_the_field_ways_is_called_routes():
    routes = (detente.Route("north", 0.6), detente.Route("south", 0.4))
    given = ("MANUF_EXFOOD", "BLR", ("CHN",))
    now = detente.RouteChoice(*given, routes=routes, elasticity=4.0)
    with pytest.warns(DeprecationWarning, match=r"RouteChoice\(ways=…\) is called") as caught:
        before = detente.RouteChoice(*given, ways=routes, elasticity=4.0)
    assert caught[0].filename == __file__
    assert before == now
    with pytest.warns(DeprecationWarning, match=r"RouteChoice\.ways is called RouteChoice\.routes"):
        assert now.ways == routes
    with pytest.raises(TypeError, match="ways"):
        detente.RouteChoice(*given, routes=routes, ways=routes, elasticity=4.0)
    with pytest.warns(DeprecationWarning, match=r"Shock\(routes=…\) is called"):
        assert detente.Shock(routes=(now,)).route_choices == (now,)


@pytest.mark.parametrize(("old", "name", "new", "now"), MOVED)
def test_a_name_of_before_is_the_present_one_and_warns_where_it_is_used(old, name, new, now):
    scope: dict[str, object] = {}
    program = compile(f"from {old} import {name}", "user.py", "exec")
    with pytest.warns(DeprecationWarning, match=rf"{old}\.{name} is called") as caught:
        exec(program, scope)
    assert scope[name] is getattr(importlib.import_module(new), now)
    said = [w for w in caught if str(w.message).startswith(f"{old}.{name} is called {new}.{now} ")]
    assert said
    assert said[0].filename == "user.py"


@pytest.mark.parametrize("old", sorted({row[0] for row in MOVED}))
def test_importing_a_package_of_before_says_nothing_and_asking_for_nonsense_says_where_it_is(old):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        module = importlib.reload(importlib.import_module(old))
        with pytest.raises(AttributeError, match=r"detente\..* now"):
            _ = module.nonsense
        with pytest.raises(AttributeError, match="__nonsense__"):
            _ = module.__nonsense__


def test_the_old_packages_hand_on_every_public_name_and_load_nothing_by_themselves():
    program = "import sys, " + ", ".join(sorted({row[0] for row in MOVED}))
    program += "; print(*[m for m in sys.modules if m.startswith('detente')])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    assert "detente.study.talking" in done.stdout
    assert not {"detente.analysis", "detente.trade", "detente.cases"} & set(done.stdout.split())


def test_nothing_inside_the_package_uses_what_moved():
    old = {row[0] for row in MOVED}
    shims = {PACKAGE.joinpath(*name.split(".")[1:]) for name in old}
    for path in PACKAGE.rglob("*.py"):
        if path.with_suffix("") in shims or path.parent in shims:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            assert not old & set(names), path


def test_the_warning_stands_at_the_use_and_names_both():
    def used():
        warn_moved("--regime", "--date")

    with pytest.warns(DeprecationWarning, match=r"^--regime is called --date now\. ") as caught:
        used()
    assert caught[0].filename == __file__
    assert caught[0].lineno > used.__code__.co_firstlineno + 1


def test_a_module_that_moved_may_have_renamed_names():
    get = moved_module("detente.old", "detente.world", {"available_worlds": "worlds"})
    with pytest.warns(DeprecationWarning, match=r"detente\.old\.available_worlds is called"):
        assert get("available_worlds") is detente.worlds
