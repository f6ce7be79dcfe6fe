//! What the platform brings: standard objects, and the standard relationships whose saves lock (facts sheet, section 7).

use crate::base::Confidence;
use Confidence::{High, Low, Medium};
use Locks::{No, Possibly, Yes};
use StandardKind::{Lookup, MasterDetail, Polymorphic};

/// How a standard relationship behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum StandardKind {
    /// Like master-detail: required, cascading or with native totals.
    MasterDetail,
    Lookup,
    /// Several target types.
    Polymorphic,
}

/// Whether an operation on the child locks the parent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Locks {
    Yes,
    /// `?` in the sheet, or `Y*`, a lock under a condition: worded as possible.
    Possibly,
    No,
}

/// One row of section 7.
#[derive(Debug)]
pub(crate) struct StandardEdge {
    pub(crate) child: &'static str,
    pub(crate) field: &'static str,
    /// Target objects; for polymorphic fields the usual ones.
    pub(crate) parents: &'static [&'static str],
    /// The parent's name for its children: `Contacts` for `Contact.AccountId`; none where there is none, or none is known.
    pub(crate) children: Option<&'static str>,
    pub(crate) nillable: bool,
    pub(crate) updatable: bool,
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "read by the view of relationships to come; tests check the table by it"
        )
    )]
    pub(crate) kind: StandardKind,
    pub(crate) insert: Locks,
    /// Of any field; a change of the field itself always concerns the old and the new parent.
    pub(crate) update: Locks,
    pub(crate) delete: Locks,
    /// High for evidence D, medium for K and S, low for I; that of the weakest operation where they differ.
    pub(crate) confidence: Confidence,
    /// Empty where the row is conjecture by analogy (I).
    pub(crate) facts: &'static [&'static str],
}

/// A row: (child, field), parents, children, (may be empty, may change), kind, [insert, update, delete], (confidence, facts).
const fn edge(
    (child, field): (&'static str, &'static str),
    parents: &'static [&'static str],
    children: Option<&'static str>,
    (nillable, updatable): (bool, bool),
    kind: StandardKind,
    [insert, update, delete]: [Locks; 3],
    (confidence, facts): (Confidence, &'static [&'static str]),
) -> StandardEdge {
    StandardEdge {
        child,
        field,
        parents,
        children,
        nillable,
        updatable,
        kind,
        insert,
        update,
        delete,
        confidence,
        facts,
    }
}

/// May be empty.
const NIL: bool = true;
/// Never empty.
const FULL: bool = false;
/// May be changed after insert.
const UPD: bool = true;
/// Set at insert for good.
const FIX: bool = false;

// The usual targets of polymorphic fields, for which any object may stand.
#[rustfmt::skip]
const WHAT: &[&str] = &["Account", "Asset", "Campaign", "Case", "Contract", "Opportunity", "Order", "Quote", "ServiceContract", "WorkOrder"];
const WHO: &[&str] = &["Contact", "Lead"];
const EMAIL: &[&str] =
    &["Account", "Asset", "Campaign", "Case", "Contract", "Opportunity", "Order", "WorkOrder"];
const FILE: &[&str] = &[
    "Account",
    "Campaign",
    "Case",
    "Contact",
    "Contract",
    "Lead",
    "Opportunity",
    "Order",
    "WorkOrder",
];
const ATTACH: &[&str] = FILE;
const NOTE: &[&str] =
    &["Account", "Asset", "Contact", "Contract", "Lead", "Opportunity", "Order", "WorkOrder"];
const FEED: &[&str] = &[
    "Account",
    "Campaign",
    "Case",
    "CollaborationGroup",
    "Contact",
    "Lead",
    "Opportunity",
    "User",
];
const SERVED: &[&str] =
    &["Account", "Asset", "Lead", "Opportunity", "WorkOrder", "WorkOrderLineItem"];

/// Section 7 of the facts sheet, sorted by child and field, without case.
#[rustfmt::skip]
pub(crate) static EDGES: &[StandardEdge] = &[
    edge(("Account", "ParentId"), &["Account"], Some("ChildAccounts"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("AccountContactRelation", "AccountId"), &["Account"], Some("AccountContactRelations"), (FULL, FIX), MasterDetail, [Yes, Possibly, Yes], (Low, &[])),
    edge(("AccountContactRelation", "ContactId"), &["Contact"], Some("AccountContactRelations"), (FULL, FIX), MasterDetail, [Yes, Possibly, Yes], (Low, &[])),
    edge(("AccountContactRole", "AccountId"), &["Account"], Some("AccountContactRoles"), (FULL, FIX), MasterDetail, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("AccountTeamMember", "AccountId"), &["Account"], Some("AccountTeamMembers"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (High, &["CS-04", "BL-03"])),
    edge(("Asset", "AccountId"), &["Account"], Some("Assets"), (NIL, UPD), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("Asset", "ContactId"), &["Contact"], Some("Assets"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("Asset", "ParentId"), &["Asset"], Some("ChildAssets"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("Asset", "Product2Id"), &["Product2"], Some("Assets"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("AssetRelationship", "AssetId"), &["Asset"], None, (FULL, FIX), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("AssignedResource", "ServiceAppointmentId"), &["ServiceAppointment"], Some("ServiceResources"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
    edge(("Attachment", "ParentId"), ATTACH, Some("Attachments"), (FULL, FIX), Polymorphic, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("CampaignMember", "CampaignId"), &["Campaign"], Some("CampaignMembers"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Medium, &["BL-04", "RU-01"])),
    edge(("CampaignMember", "ContactId"), &["Contact"], Some("CampaignMembers"), (NIL, FIX), MasterDetail, [Yes, Yes, Yes], (Medium, &["BL-04"])),
    edge(("CampaignMember", "LeadId"), &["Lead"], Some("CampaignMembers"), (NIL, FIX), MasterDetail, [Yes, Yes, Yes], (Medium, &["BL-04"])),
    edge(("Case", "AccountId"), &["Account"], Some("Cases"), (NIL, UPD), MasterDetail, [Yes, Possibly, Yes], (Medium, &["CS-06", "BL-06"])),
    edge(("Case", "AssetId"), &["Asset"], Some("Cases"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("Case", "ContactId"), &["Contact"], Some("Cases"), (NIL, UPD), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("Case", "EntitlementId"), &["Entitlement"], Some("Cases"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("Case", "ParentId"), &["Case"], Some("Cases"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("CaseComment", "ParentId"), &["Case"], Some("CaseComments"), (FULL, FIX), MasterDetail, [Yes, Possibly, Possibly], (Low, &[])),
    edge(("CaseContactRole", "CasesId"), &["Case"], Some("CaseContactRoles"), (FULL, FIX), MasterDetail, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("CaseTeamMember", "ParentId"), &["Case"], Some("TeamMembers"), (FULL, FIX), MasterDetail, [Yes, Possibly, Yes], (High, &["CS-04"])),
    edge(("Contact", "AccountId"), &["Account"], Some("Contacts"), (NIL, UPD), MasterDetail, [Yes, Yes, Yes], (Medium, &["BL-02", "BK-12", "CS-06"])),
    edge(("Contact", "IndividualId"), &["Individual"], Some("Contacts"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("Contact", "ReportsToId"), &["Contact"], None, (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("ContentDocumentLink", "ContentDocumentId"), &["ContentDocument"], Some("ContentDocumentLinks"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
    edge(("ContentDocumentLink", "LinkedEntityId"), FILE, Some("ContentDocumentLinks"), (FULL, FIX), Polymorphic, [Possibly, No, Possibly], (Low, &["BL-07"])),
    edge(("ContentVersion", "ContentDocumentId"), &["ContentDocument"], Some("ContentVersions"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
    edge(("Contract", "AccountId"), &["Account"], Some("Contracts"), (FULL, UPD), MasterDetail, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("ContractContactRole", "ContractId"), &["Contract"], Some("ContractContactRoles"), (FULL, FIX), MasterDetail, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("ContractLineItem", "ServiceContractId"), &["ServiceContract"], Some("ContractLineItems"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
    edge(("EmailMessage", "ParentId"), &["Case"], Some("EmailMessages"), (NIL, FIX), MasterDetail, [Yes, Possibly, Possibly], (Medium, &["BL-06"])),
    edge(("EmailMessage", "RelatedToId"), EMAIL, Some("Emails"), (NIL, UPD), Polymorphic, [Possibly, Possibly, Yes], (Medium, &["BL-05"])),
    edge(("Entitlement", "AccountId"), &["Account"], Some("Entitlements"), (FULL, FIX), MasterDetail, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("Event", "AccountId"), &["Account"], None, (NIL, UPD), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("Event", "WhatId"), WHAT, Some("Events"), (NIL, UPD), Polymorphic, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("Event", "WhoId"), WHO, Some("Events"), (NIL, UPD), Polymorphic, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("FeedComment", "FeedItemId"), &["FeedItem"], Some("FeedComments"), (FULL, FIX), Lookup, [Possibly, Possibly, Possibly], (Low, &["TR-03"])),
    edge(("FeedItem", "ParentId"), FEED, None, (FULL, FIX), Polymorphic, [Possibly, Possibly, Possibly], (Low, &["TR-03"])),
    edge(("Lead", "IndividualId"), &["Individual"], Some("Leads"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("Note", "ParentId"), NOTE, Some("Notes"), (FULL, FIX), Polymorphic, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("Opportunity", "AccountId"), &["Account"], Some("Opportunities"), (NIL, UPD), MasterDetail, [Yes, Yes, Yes], (High, &["CS-05", "RU-01"])),
    edge(("Opportunity", "CampaignId"), &["Campaign"], Some("Opportunities"), (NIL, UPD), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("Opportunity", "ContractId"), &["Contract"], None, (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("Opportunity", "Pricebook2Id"), &["Pricebook2"], Some("Opportunities"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("OpportunityContactRole", "ContactId"), &["Contact"], Some("OpportunityContactRoles"), (FULL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("OpportunityContactRole", "OpportunityId"), &["Opportunity"], Some("OpportunityContactRoles"), (FULL, FIX), MasterDetail, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("OpportunityLineItem", "OpportunityId"), &["Opportunity"], Some("OpportunityLineItems"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (High, &["RU-01", "RU-12"])),
    edge(("OpportunityLineItem", "PricebookEntryId"), &["PricebookEntry"], Some("OpportunityLineItems"), (NIL, FIX), Lookup, [No, No, No], (Low, &[])),
    edge(("OpportunityLineItem", "Product2Id"), &["Product2"], None, (NIL, FIX), Lookup, [No, No, No], (Low, &[])),
    edge(("OpportunityLineItemSchedule", "OpportunityLineItemId"), &["OpportunityLineItem"], Some("OpportunityLineItemSchedules"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (High, &["RU-12"])),
    edge(("OpportunityPartner", "AccountToId"), &["Account"], Some("OpportunityPartnersTo"), (FULL, FIX), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("OpportunityPartner", "OpportunityId"), &["Opportunity"], Some("OpportunityPartnersFrom"), (FULL, FIX), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("OpportunitySplit", "OpportunityId"), &["Opportunity"], Some("OpportunitySplits"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
    edge(("OpportunityTeamMember", "OpportunityId"), &["Opportunity"], Some("OpportunityTeamMembers"), (FULL, FIX), MasterDetail, [Yes, Possibly, Yes], (High, &["CS-04"])),
    edge(("Order", "AccountId"), &["Account"], Some("Orders"), (NIL, UPD), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("Order", "ContractId"), &["Contract"], Some("Orders"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("Order", "OpportunityId"), &["Opportunity"], Some("Orders"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("Order", "Pricebook2Id"), &["Pricebook2"], Some("Orders"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("Order", "QuoteId"), &["Quote"], Some("Orders"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("OrderItem", "OrderId"), &["Order"], Some("OrderItems"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
    edge(("Partner", "AccountToId"), &["Account"], Some("PartnersTo"), (FULL, FIX), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("Partner", "OpportunityId"), &["Opportunity"], Some("Partners"), (FULL, FIX), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("PricebookEntry", "Pricebook2Id"), &["Pricebook2"], Some("PricebookEntries"), (FULL, FIX), MasterDetail, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("PricebookEntry", "Product2Id"), &["Product2"], Some("PricebookEntries"), (FULL, FIX), MasterDetail, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("ProductConsumed", "WorkOrderId"), &["WorkOrder"], Some("ProductsConsumed"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
    edge(("ProductRequestLineItem", "ParentId"), &["ProductRequest"], Some("ProductRequestLineItems"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
    edge(("Quote", "OpportunityId"), &["Opportunity"], Some("Quotes"), (FULL, FIX), MasterDetail, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("QuoteLineItem", "QuoteId"), &["Quote"], Some("QuoteLineItems"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
    edge(("ReturnOrderLineItem", "ReturnOrderId"), &["ReturnOrder"], Some("ReturnOrderLineItems"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
    edge(("ServiceAppointment", "ParentRecordId"), SERVED, Some("ServiceAppointments"), (FULL, FIX), Polymorphic, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("ServiceContract", "AccountId"), &["Account"], Some("ServiceContracts"), (NIL, FIX), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("Task", "AccountId"), &["Account"], None, (NIL, UPD), Lookup, [Possibly, Yes, Yes], (Medium, &["CS-10", "CS-11", "CS-12"])),
    edge(("Task", "WhatId"), WHAT, Some("Tasks"), (NIL, UPD), Polymorphic, [Possibly, Yes, Yes], (Medium, &["CS-10", "CS-11", "CS-12"])),
    edge(("Task", "WhoId"), WHO, Some("Tasks"), (NIL, UPD), Polymorphic, [Possibly, Yes, Yes], (Medium, &["CS-10", "CS-11", "CS-12"])),
    edge(("TimeSheetEntry", "TimeSheetId"), &["TimeSheet"], Some("TimeSheetEntries"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
    edge(("User", "IndividualId"), &["Individual"], Some("Users"), (NIL, UPD), Lookup, [No, No, No], (Low, &[])),
    edge(("WorkOrder", "AccountId"), &["Account"], Some("WorkOrders"), (NIL, UPD), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("WorkOrder", "AssetId"), &["Asset"], Some("WorkOrders"), (NIL, UPD), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("WorkOrder", "CaseId"), &["Case"], Some("WorkOrders"), (NIL, UPD), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("WorkOrder", "ContactId"), &["Contact"], Some("WorkOrders"), (NIL, UPD), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("WorkOrder", "EntitlementId"), &["Entitlement"], Some("WorkOrders"), (NIL, UPD), Lookup, [Possibly, Possibly, Possibly], (Low, &[])),
    edge(("WorkOrderLineItem", "WorkOrderId"), &["WorkOrder"], Some("WorkOrderLineItems"), (FULL, FIX), MasterDetail, [Yes, Yes, Yes], (Low, &[])),
];

/// API names of standard objects, as Salesforce spells them, sorted without case.
#[rustfmt::skip]
pub(crate) static OBJECTS: &[&str] = &[
    "AcceptedEventRelation", "Account", "AccountBrand", "AccountBrandShare", "AccountContactRelation",
    "AccountContactRelationHistory", "AccountContactRole", "AccountFeed", "AccountHistory", "AccountPartner",
    "AccountPlan", "AccountShare", "AccountTeamMember", "AccountTerritoryAssignmentRule",
    "AccountTerritoryAssignmentRuleItem", "ActionLinkGroupTemplate", "ActionLinkTemplate", "ActionPlan",
    "ActionPlanItem", "ActionPlanTemplate", "ActionPlanTemplateItem", "ActionPlanTemplateItemValue",
    "ActionPlanTemplateVersion", "Activity", "ActivityHistory", "AdditionalNumber", "Address", "AgentWork",
    "AgentWorkSkill", "Announcement", "ApexClass", "ApexComponent", "ApexEmailNotification", "ApexLog", "ApexPage",
    "ApexTestQueueItem", "ApexTestResult", "ApexTestResultLimits", "ApexTestRunResult", "ApexTestSuite",
    "ApexTrigger", "AppMenuItem", "AppointmentInvitation", "AppTabMember", "Asset", "AssetFeed", "AssetHistory",
    "AssetRelationship", "AssetRelationshipFeed", "AssetRelationshipHistory", "AssetShare", "AssetTokenEvent",
    "AssetWarranty", "AssignedResource", "AssignedResourceFeed", "AssignmentRule", "AssociatedLocation",
    "AsyncApexJob", "AttachedContentDocument", "Attachment", "AuraDefinition", "AuraDefinitionBundle",
    "AuthorizationForm", "AuthorizationFormConsent", "AuthorizationFormDataUse", "AuthorizationFormText",
    "AuthProvider", "AuthSession", "BackgroundOperation", "BrandingSet", "BrandingSetProperty", "BrandTemplate",
    "BusinessHours", "BusinessProcess", "BuyerAccount", "BuyerGroup", "BuyerGroupMember", "Calendar", "CalendarView",
    "CallCenter", "Campaign", "CampaignFeed", "CampaignHistory", "CampaignInfluence", "CampaignInfluenceModel",
    "CampaignMember", "CampaignMemberStatus", "CampaignShare", "CartDeliveryGroup", "CartDeliveryGroupMethod",
    "CartItem", "CartTax", "CartValidationOutput", "Case", "CaseArticle", "CaseComment", "CaseContactRole",
    "CaseFeed", "CaseHistory", "CaseMilestone", "CaseRelatedIssue", "CaseShare", "CaseSolution", "CaseStatus",
    "CaseTeamMember", "CaseTeamRole", "CaseTeamTemplate", "CaseTeamTemplateMember", "CaseTeamTemplateRecord",
    "CategoryData", "CategoryNode", "ChangeRequest", "ChangeRequestRelatedIssue", "ChangeRequestRelatedItem",
    "ChannelProgram", "ChannelProgramLevel", "ChannelProgramMember", "ChatterActivity", "ClientBrowser",
    "CollaborationGroup", "CollaborationGroupFeed", "CollaborationGroupMember", "CollaborationGroupMemberRequest",
    "CollaborationGroupRecord", "CollaborationInvitation", "CombinedAttachment", "CommerceEntitlementBuyerGroup",
    "CommerceEntitlementPolicy", "CommerceEntitlementProduct", "CommSubscription", "CommSubscriptionChannelType",
    "CommSubscriptionConsent", "CommSubscriptionTiming", "Community", "ConnectedApplication", "ConsumptionRate",
    "ConsumptionSchedule", "Contact", "ContactFeed", "ContactHistory", "ContactPointAddress", "ContactPointConsent",
    "ContactPointEmail", "ContactPointPhone", "ContactPointTypeConsent", "ContactRequest", "ContactRequestShare",
    "ContactShare", "ContentAsset", "ContentBody", "ContentDistribution", "ContentDistributionView",
    "ContentDocument", "ContentDocumentFeed", "ContentDocumentHistory", "ContentDocumentLink",
    "ContentDocumentSubscription", "ContentFolder", "ContentFolderItem", "ContentFolderLink", "ContentFolderMember",
    "ContentHubItem", "ContentHubRepository", "ContentNote", "ContentNotification", "ContentTagSubscription",
    "ContentUserSubscription", "ContentVersion", "ContentVersionComment", "ContentVersionHistory",
    "ContentVersionRating", "ContentWorkspace", "ContentWorkspaceDoc", "ContentWorkspaceMember",
    "ContentWorkspacePermission", "ContentWorkspaceSubscription", "Contract", "ContractContactRole", "ContractFeed",
    "ContractHistory", "ContractLineItem", "ContractLineItemHistory", "ContractLineOutcome", "ContractStatus",
    "CorsWhitelistEntry", "CreditMemo", "CreditMemoLine", "CronJobDetail", "CronTrigger", "CspTrustedSite",
    "CustomHttpHeader", "CustomObjectUserLicenseMetrics", "CustomPermission", "CustomPermissionDependency",
    "DandBCompany", "Dashboard", "DashboardComponent", "DashboardComponentFeed", "DashboardFeed",
    "DataIntegrationRecordPurchasePermission", "DataUsePurpose", "DeclinedEventRelation", "Document",
    "DocumentAttachmentMap", "Domain", "DomainSite", "DuplicateJob", "DuplicateJobDefinition",
    "DuplicateJobMatchingRule", "DuplicateJobMatchingRuleDefinition", "DuplicateRecordItem", "DuplicateRecordSet",
    "DuplicateRule", "EmailDomainFilter", "EmailDomainKey", "EmailMessage", "EmailMessageRelation", "EmailRelay",
    "EmailServicesAddress", "EmailServicesFunction", "EmailTemplate", "EmbeddedServiceDetail",
    "EngagementChannelType", "Entitlement", "EntitlementContact", "EntitlementFeed", "EntitlementHistory",
    "EntitlementTemplate", "EntityMilestone", "EntityMilestoneFeed", "EntityMilestoneHistory", "EntitySubscription",
    "Event", "EventBusSubscriber", "EventFeed", "EventLogFile", "EventRelation", "Expense", "ExpenseReport",
    "ExpenseReportEntry", "ExternalDataSource", "ExternalDataUserAuth", "FeedAttachment", "FeedComment", "FeedItem",
    "FeedLike", "FeedPollChoice", "FeedPollVote", "FeedRevision", "FeedSignal", "FeedTrackedChange",
    "FieldPermissions", "FinanceBalanceSnapshot", "FinanceTransaction", "FiscalYearSettings", "FlowDefinitionView",
    "FlowInterview", "FlowInterviewShare", "FlowRecordRelation", "FlowStageRelation", "FlowVersionView", "Folder",
    "FolderedContentDocument", "ForecastingAdjustment", "ForecastingFact", "ForecastingItem",
    "ForecastingOwnerAdjustment", "ForecastingQuota", "ForecastingShare", "ForecastingType", "ForecastShare",
    "FulfillmentOrder", "FulfillmentOrderLineItem", "Group", "GroupMember", "Holiday", "Idea", "IdeaComment", "Image",
    "Incident", "IncidentRelatedItem", "Individual", "IndividualHistory", "IndividualShare", "InstalledMobileApp",
    "Invoice", "InvoiceLine", "JobProfile", "KnowledgeableUser", "KnowledgeArticle", "KnowledgeArticleVersion",
    "KnowledgeArticleVersionHistory", "KnowledgeArticleViewStat", "KnowledgeArticleVoteStat", "Lead", "LeadFeed",
    "LeadHistory", "LeadShare", "LeadStatus", "LegalEntity", "LightningExperienceTheme", "LinkedArticle",
    "LinkedArticleFeed", "LinkedArticleHistory", "ListEmail", "ListEmailRecipientSource", "ListEmailShare",
    "ListView", "ListViewChart", "ListViewChartInstance", "LiveAgentSession", "LiveChatButton", "LiveChatDeployment",
    "LiveChatTranscript", "LiveChatTranscriptEvent", "LiveChatVisitor", "Location", "LocationGroup",
    "LocationGroupAssignment", "LocationWaitlist", "LoginHistory", "LoginIp", "LogoutEventStream", "Macro",
    "MacroHistory", "MacroInstruction", "MacroShare", "MailmergeTemplate", "MaintenanceAsset", "MaintenancePlan",
    "MaintenanceWorkRule", "ManagedContent", "ManagedContentVariant", "MatchingRule", "MatchingRuleItem",
    "MessagingChannel", "MessagingEndUser", "MessagingSession", "Metric", "MetricDataLink", "MilestoneType",
    "MutingPermissionSet", "NamedCredential", "Network", "NetworkMember", "NetworkMemberGroup", "NetworkModeration",
    "NetworkSelfRegistration", "Note", "NoteAndAttachment", "OauthToken", "ObjectPermissions",
    "ObjectTerritory2AssignmentRule", "ObjectTerritory2AssignmentRuleItem", "ObjectTerritory2Association",
    "OpenActivity", "OperatingHours", "OperatingHoursHoliday", "Opportunity", "OpportunityCompetitor",
    "OpportunityContactRole", "OpportunityFeed", "OpportunityFieldHistory", "OpportunityHistory",
    "OpportunityLineItem", "OpportunityLineItemSchedule", "OpportunityPartner", "OpportunityShare",
    "OpportunitySplit", "OpportunitySplitType", "OpportunityStage", "OpportunityTeamMember", "Order", "OrderAction",
    "OrderAdjustmentGroup", "OrderDeliveryGroup", "OrderDeliveryMethod", "OrderFeed", "OrderHistory", "OrderItem",
    "OrderItemAdjustmentLineItem", "OrderItemFeed", "OrderItemHistory", "OrderItemRelationship", "OrderItemSummary",
    "OrderItemTaxLineItem", "OrderPaymentSummary", "OrderShare", "OrderSummary", "Organization",
    "OrgWideEmailAddress", "OutgoingEmail", "OutgoingEmailRelation", "OwnedContentDocument", "PackageLicense",
    "Partner", "PartnerFundAllocation", "PartnerFundClaim", "PartnerFundRequest", "PartnerMarketingBudget",
    "PartnerRole", "PartyConsent", "Payment", "PaymentAuthorization", "PaymentGateway", "PaymentGroup",
    "PaymentLineInvoice", "PaymentMethod", "PendingServiceRouting", "Period", "PermissionSet",
    "PermissionSetAssignment", "PermissionSetGroup", "PermissionSetGroupComponent", "PermissionSetLicense",
    "PermissionSetLicenseAssign", "PermissionSetTabSetting", "PlatformCachePartition", "PlatformCachePartitionType",
    "PresenceDeclineReason", "PresenceUserConfig", "PresenceUserConfigProfile", "PresenceUserConfigUser",
    "PriceAdjustmentSchedule", "PriceAdjustmentTier", "Pricebook2", "Pricebook2History", "PricebookEntry", "Problem",
    "ProblemRelatedItem", "ProcessDefinition", "ProcessInstance", "ProcessInstanceHistory", "ProcessInstanceNode",
    "ProcessInstanceStep", "ProcessInstanceWorkitem", "ProcessNode", "Product2", "Product2Feed", "Product2History",
    "ProductAttribute", "ProductAttributeSet", "ProductCatalog", "ProductCategory", "ProductCategoryProduct",
    "ProductConsumed", "ProductConsumptionSchedule", "ProductEntitlementTemplate", "ProductItem",
    "ProductItemTransaction", "ProductMedia", "ProductRequest", "ProductRequestLineItem", "ProductRequired",
    "ProductSellingModel", "ProductSellingModelOption", "ProductServiceCampaign", "ProductServiceCampaignItem",
    "ProductTransfer", "ProductWarrantyTerm", "Profile", "ProfileSkill", "ProfileSkillEndorsement",
    "ProfileSkillEndorsementFeed", "ProfileSkillEndorsementHistory", "ProfileSkillFeed", "ProfileSkillHistory",
    "ProfileSkillShare", "ProfileSkillUser", "ProfileSkillUserFeed", "ProfileSkillUserHistory", "PromptAction",
    "PushTopic", "QueueRoutingConfig", "QueueSobject", "QuickText", "QuickTextHistory", "QuickTextShare", "Quote",
    "QuoteDocument", "QuoteFeed", "QuoteLineItem", "QuoteShare", "RecentlyViewed", "Recommendation",
    "RecommendationStrategy", "RecordAction", "RecordsetFilterCriteria", "RecordsetFilterCriteriaRule", "RecordType",
    "Refund", "RefundLinePayment", "Report", "ReportFeed", "ResourceAbsence", "ResourcePreference", "ReturnOrder",
    "ReturnOrderLineItem", "RuleTerritory2Association", "SalesChannel", "SamlSsoConfig", "Scorecard",
    "ScorecardAssociation", "ScorecardMetric", "SearchPromotionRule", "SecureAgentsCluster", "SecurityCustomBaseline",
    "Seller", "SerializedProduct", "SerializedProductTransaction", "ServiceAppointment", "ServiceAppointmentFeed",
    "ServiceAppointmentHistory", "ServiceAppointmentShare", "ServiceAppointmentStatus", "ServiceChannel",
    "ServiceChannelStatus", "ServiceContract", "ServiceContractFeed", "ServiceContractHistory",
    "ServiceContractShare", "ServiceCrew", "ServiceCrewMember", "ServicePresenceStatus", "ServiceReport",
    "ServiceReportLayout", "ServiceResource", "ServiceResourceCapacity", "ServiceResourcePreference",
    "ServiceResourceSkill", "ServiceTerritory", "ServiceTerritoryLocation", "ServiceTerritoryMember",
    "ServiceTerritoryWorkType", "SessionPermSetActivation", "SetupAuditTrail", "SetupEntityAccess", "Shift",
    "ShiftPattern", "ShiftPatternEntry", "ShiftTemplate", "Shipment", "ShipmentItem", "Site", "SiteFeed",
    "SiteHistory", "Skill", "SkillRequirement", "SkillUser", "SlaProcess", "SocialPersona", "SocialPersonaHistory",
    "SocialPost", "SocialPostFeed", "SocialPostHistory", "SocialPostShare", "Solution", "SolutionFeed",
    "SolutionHistory", "SolutionStatus", "SOSDeployment", "SOSSession", "StaticResource", "StreamingChannel",
    "StreamingChannelShare", "Survey", "SurveyInvitation", "SurveyPage", "SurveyQuestion", "SurveyQuestionChoice",
    "SurveyQuestionResponse", "SurveyQuestionScore", "SurveyResponse", "SurveySubject", "SurveyVersion", "Swarm",
    "SwarmMember", "Task", "TaskFeed", "TaskPriority", "TaskStatus", "TenantUsageEntitlement", "Territory",
    "Territory2", "Territory2Model", "Territory2ModelHistory", "Territory2Type", "TestSuiteMembership",
    "ThirdPartyAccountLink", "TimeSheet", "TimeSheetEntry", "TimeSlot", "Topic", "TopicAssignment", "TopicFeed",
    "TravelMode", "UndecidedEventRelation", "User", "UserAccountTeamMember", "UserAppInfo",
    "UserAppMenuCustomization", "UserAppMenuCustomizationShare", "UserAppMenuItem", "UserFeed", "UserLicense",
    "UserLogin", "UserPackageLicense", "UserPreference", "UserProvAccount", "UserProvAccountStaging",
    "UserProvisioningConfig", "UserProvisioningLog", "UserProvisioningRequest", "UserProvisioningRequestShare",
    "UserProvMockTarget", "UserRecordAccess", "UserRole", "UserServicePresence", "UserShare", "UserTeamMember",
    "UserTerritory", "UserTerritory2Association", "VerificationHistory", "Visit", "VoiceCall", "Vote", "WarrantyTerm",
    "WebCart", "WebLink", "WebStore", "Wishlist", "WishlistItem", "WorkAccess", "WorkAccessShare", "WorkBadge",
    "WorkBadgeDefinition", "WorkBadgeDefinitionFeed", "WorkBadgeDefinitionHistory", "WorkBadgeDefinitionShare",
    "WorkCapacityLimit", "WorkOrder", "WorkOrderFeed", "WorkOrderHistory", "WorkOrderLineItem",
    "WorkOrderLineItemFeed", "WorkOrderLineItemHistory", "WorkOrderLineItemStatus", "WorkOrderShare",
    "WorkOrderStatus", "WorkPlan", "WorkPlanTemplate", "WorkPlanTemplateEntry", "WorkStep", "WorkStepTemplate",
    "WorkThanks", "WorkThanksShare", "WorkType", "WorkTypeGroup", "WorkTypeGroupMember",
];

#[cfg(test)]
mod tests {
    use super::{EDGES, Locks, OBJECTS, StandardEdge, StandardKind};
    use crate::base::{Confidence, Name};

    fn edge(child: &str, field: &str) -> &'static StandardEdge {
        EDGES.iter().find(|edge| edge.child == child && edge.field == field).unwrap()
    }

    #[test]
    fn both_lists_are_sorted_without_repetition() {
        let objects: Vec<Name> = OBJECTS.iter().copied().map(Name::new).collect();
        assert!(objects.is_sorted_by(|a, b| a < b));
        let edges: Vec<(Name, Name)> =
            EDGES.iter().map(|edge| (edge.child.into(), edge.field.into())).collect();
        assert!(edges.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn objects_look_like_api_names() {
        for object in OBJECTS {
            assert!(object.starts_with(|c: char| c.is_ascii_uppercase()), "{object}");
            assert!(
                object.chars().all(|c| c.is_ascii_alphanumeric()),
                "{object} is not of every org"
            );
        }
    }

    #[test]
    fn edges_connect_known_objects() {
        for edge in EDGES {
            for object in edge.parents.iter().chain([&edge.child]) {
                assert!(OBJECTS.contains(object), "{object}");
            }
            let several = edge.kind == StandardKind::Polymorphic;
            assert_eq!(edge.parents.len() > 1, several, "{}.{}", edge.child, edge.field);
        }
    }

    #[test]
    fn a_parent_has_one_name_for_one_kind_of_children() {
        for (index, edge) in EDGES.iter().enumerate() {
            let same = |other: &&StandardEdge| {
                other.children == edge.children
                    && other.parents.iter().any(|parent| edge.parents.contains(parent))
            };
            let Some(children) = edge.children else { continue };
            let clash = EDGES.iter().skip(index + 1).find(same);
            assert!(clash.is_none(), "{children} of {} and {clash:?}", edge.child);
        }
    }

    #[test]
    fn facts_are_cited_unless_a_row_is_conjecture() {
        let is_id = |fact: &str| {
            let (letters, digits) = fact.split_once('-').unwrap();
            letters.len() == 2
                && letters.chars().all(|c| c.is_ascii_uppercase())
                && digits.len() == 2
                && digits.chars().all(|c| c.is_ascii_digit())
        };
        for edge in EDGES {
            assert!(edge.facts.iter().all(|fact| is_id(fact)), "{:?}", edge.facts);
            assert!(
                !edge.facts.is_empty() || edge.confidence == Confidence::Low,
                "{}.{}",
                edge.child,
                edge.field
            );
        }
    }

    #[test]
    fn rows_as_the_sheet_has_them() {
        let contact = edge("Contact", "AccountId");
        assert_eq!((contact.parents, contact.children), (["Account"].as_slice(), Some("Contacts")));
        assert_eq!((contact.insert, contact.nillable, contact.updatable), (Locks::Yes, true, true));
        let line = edge("OpportunityLineItem", "OpportunityId");
        assert_eq!(
            (line.kind, line.nillable, line.updatable),
            (StandardKind::MasterDetail, false, false)
        );
        assert_eq!(line.confidence, Confidence::High);
        let task = edge("Task", "WhatId");
        assert_eq!(
            [task.insert, task.update, task.delete],
            [Locks::Possibly, Locks::Yes, Locks::Yes]
        );
        assert_eq!(edge("Account", "ParentId").insert, Locks::No);
        assert!(!EDGES.iter().any(|edge| edge.field == "OwnerId" || edge.field == "CreatedById"));
    }
}
